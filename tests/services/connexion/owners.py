"""The operations of owners."""

from typing import Any

from clinic import BUG, Reply, ids, json_reply, now, owners, page_of, pets, problem


def search(page: int, per_page: int, q: str = "") -> Reply:
    """List owners."""
    matching = sorted((owner for owner in owners.values() if q in owner["name"]), key=lambda owner: owner["name"])
    shown_ones = [shown(owner) for owner in page_of(matching, page, per_page)]
    return json_reply(shown_ones, headers={"X-Total-Count": str(len(matching))})


def create(body: dict[str, Any]) -> Reply:
    """Register an owner."""
    if BUG == "crash-on-quote-or-percent" and any(mark in body["name"] for mark in "'%"):
        raise RuntimeError(f"near {body['name']!r}: syntax error")
    owner = stored(next(ids), now(), body)
    if BUG == "field-lost-on-create":
        owner["remarks"] = None
    status = 200 if BUG == "wrong-success-status" else 201
    return json_reply(shown(owner), status, {"Location": f"/api/owners/{owner['id']}"})


def get(owner_id: int) -> Reply:
    """Get an owner."""
    return json_reply(shown(existing(owner_id)))


def replace(owner_id: int, body: dict[str, Any]) -> Reply:
    """Replace an owner."""
    old = existing(owner_id)
    new = stored(owner_id, old["registered_at"], body)
    if BUG == "put-not-stored":
        owners[owner_id] = old
    return json_reply(shown(new))


def delete(owner_id: int) -> Reply:
    """Delete an owner."""
    existing(owner_id)
    if any(pet["owner_id"] == owner_id for pet in pets.values()):
        raise problem(409, "Conflict", "The owner has pets")
    if BUG != "delete-does-nothing":
        del owners[owner_id]
    return None, 204


def existing(owner_id: int) -> dict[str, Any]:
    """Return an owner who must be there."""
    if owner_id not in owners:
        raise problem(404, "Not Found", f"There is no owner {owner_id}")
    return owners[owner_id]


def stored(owner_id: int, registered_at: str, body: dict[str, Any]) -> dict[str, Any]:
    """Keep an owner."""
    owner = {
        "id": owner_id,
        "name": body["name"],
        "email": body["email"],
        "pin": body.get("pin"),
        "contact": body["contact"],
        "remarks": body.get("remarks"),
        "registered_at": registered_at,
    }
    owners[owner_id] = owner
    return owner


def shown(owner: dict[str, Any]) -> dict[str, Any]:
    """Return what a caller may see of an owner."""
    hidden = () if BUG == "writeonly-leaked" else ("pin",)
    reply = {name: value for name, value in owner.items() if name not in hidden}
    if BUG == "null-in-excluded-property" and owner["remarks"] is None:
        reply["email"] = None
    if BUG == "datetime-without-offset":
        reply["registered_at"] = owner["registered_at"].removesuffix("+00:00")
    return reply
