"""Range requests: a part of a body in octets, where a 206 is documented (RFC 9110, section 14)."""

from docdouble.schemas import Call, Operation, Reply

from .header_fields import requested_octets
from .refusal import Refusal


def documents_parts(operation: Operation) -> bool:
    """Tell whether an operation documents that it sends a part where one is asked for."""
    return any(response.status == "206" for response in operation.responses)


def requested_part(call: Call, reply: Reply) -> Reply | Refusal:
    """Return the part of a reply that ``Range`` asks for, the whole where it means nothing, else the 416."""
    if call.method != "GET" or reply.status != 200 or call.header("If-Range") not in (None, reply.header("ETag")):
        return reply
    length = len(reply.body)
    octets = requested_octets(call.header("Range") or "", length)
    if octets is None:
        return reply
    if not octets:
        whole = ("Content-Range", f"bytes */{length}")
        return Refusal(416, f"the body has {length} octets, none in {call.header('Range')}", (whole,))
    start, stop = octets.start, octets.stop
    fields = (("Content-Range", f"bytes {start}-{stop - 1}/{length}"), ("Accept-Ranges", "bytes"))
    kept = tuple(field for field in reply.headers if field[0].lower() not in ("content-range", "accept-ranges"))
    return Reply((*kept, *fields), reply.body[start:stop], 206)
