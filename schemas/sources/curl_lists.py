"""Lists of curl commands, such as the examples of a README kept as a script, as documentation."""

import re
from dataclasses import replace

from ..errors import PageError
from ..extraction import Contradiction, Extraction
from ..pages.curl_syntax import command_texts
from .curl_commands import curl_request
from .exchange_operations import exchange_contract
from .request_files import sampled_exchange
from .source_format import SourceFormat, SourceText

_ASSIGNMENT = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=(\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'$`(]*)[ \t]*$", re.MULTILINE
)
_COMMAND = re.compile(rb"^[ \t]*(?:\$ )?curl\s+\S", re.MULTILINE)


def _recognises(beginning: bytes) -> bool:
    return _COMMAND.search(beginning) is not None and not beginning.lstrip().startswith((b"{", b"<", b"---"))


def _read(source: SourceText) -> Extraction:
    problems: list[Contradiction] = []
    variables = {match[1]: match[2].strip("\"'") for match in _ASSIGNMENT.finditer(source.text)}
    lines = source.text.split("\n")
    exchanges = []
    for before, command in command_texts(source.text):
        above = lines[before - 1].strip() if before else ""
        comment = above.lstrip("# ") if above.startswith("#") else ""
        line = before + 1
        try:
            request = curl_request(command, line, source.name)
            exchange = sampled_exchange(request, source, variables, problems)
        except (PageError, ValueError) as error:
            message = error.message if isinstance(error, PageError) else str(error)
            problems.append(source.problem("broken-part", line, message))
        else:
            exchanges.append(replace(exchange, summary=comment))
    return Extraction(exchange_contract(source.path.stem, exchanges, problems), tuple(dict.fromkeys(problems)))


CURL = SourceFormat("curl", "a list of curl commands", (".curl",), _recognises, _read, 40)
