"""The operations of pets and their visits."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from clinic import BUG, Reply, ids, json_reply, now, owners, page_of, pets, problem, visits


def search(page: int, per_page: int, species: list[str] | None = None, owner_id: int | None = None) -> Reply:
    """List pets."""
    matching = [
        pet
        for pet in pets.values()
        if (species is None or pet["species"] in species) and (owner_id is None or pet["owner_id"] == owner_id)
    ]
    return json_reply([shown(pet) for pet in page_of(matching, page, per_page)])


def create(body: dict[str, Any]) -> Reply:
    """Register a pet."""
    if body["owner_id"] not in owners:
        raise problem(422, "Unprocessable Content", f"There is no owner {body['owner_id']}")
    pet: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "name": body["name"],
        "species": body["species"],
        "owner_id": body["owner_id"],
        "born": day(body.get("born")),
        "photo_size": None,
        "registered_at": now(),
    }
    if "weight" in body:
        pet["weight"] = body["weight"]
    pets[pet["id"]] = pet
    visits[pet["id"]] = []
    return json_reply(shown(pet), 201)


def get(pet_id: str) -> Reply:
    """Get a pet."""
    return json_reply(shown(existing(pet_id)))


def change(pet_id: str, body: dict[str, Any]) -> Reply:
    """Change a pet."""
    pet = existing(pet_id)
    pet.update(body)
    return json_reply(shown(pet))


def delete(pet_id: str) -> Reply:
    """Delete a pet."""
    pet = existing(pet_id)
    del pets[pet["id"]], visits[pet["id"]]
    return None, 204


async def upload_photo(pet_id: str, photo: Any, body: dict[str, Any]) -> Reply:
    """Keep the size of a photo."""
    pet = existing(pet_id)
    pet["photo_size"] = len(await photo.read())
    return json_reply(shown(pet))


def search_visits(pet_id: str) -> Reply:
    """List the visits of a pet."""
    return json_reply(visits[existing(pet_id)["id"]])


def create_visit(pet_id: str, body: dict[str, Any]) -> Reply:
    """Plan a visit."""
    pet = existing(pet_id)
    if BUG == "crash-on-long-text" and len(body["reason"]) > 200:
        raise RuntimeError("Data too long for column 'reason'")
    visit = {"id": next(ids), "at": moment(body["at"]), "reason": body["reason"], "price": body.get("price")}
    visits[pet["id"]].append(visit)
    return json_reply(visit, 201)


def existing(pet_id: str) -> dict[str, Any]:
    """Return a pet that must be there."""
    try:
        return pets[str(uuid.UUID(pet_id))]
    except (KeyError, ValueError):
        raise problem(404, "Not Found", f"There is no pet {pet_id}") from None


def day(text: str | None) -> str | None:
    """Return a date as it is stored."""
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise problem(400, "Bad Request", str(error)) from None


def moment(text: str) -> str:
    """Return a time as it is stored, in UTC where it has no offset."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise problem(400, "Bad Request", str(error)) from None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()


def shown(pet: dict[str, Any]) -> dict[str, Any]:
    """Return what a caller may see of a pet."""
    reply = dict(pet)
    if BUG == "wrong-type" and "weight" in pet:
        reply["weight"] = str(pet["weight"])
    if BUG == "missing-required-property":
        del reply["registered_at"]
    if BUG == "undocumented-enum-value" and pet["species"] == "rabbit":
        reply["species"] = "rodent"
    return reply
