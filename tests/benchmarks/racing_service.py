"""A small FastAPI service with two faults that no single caller sees; ``load.py`` puts load on it.

* A lost update: ``PUT /berths/{berth_id}`` reads all berths, waits, and writes them all back.
* A shared variable: ``POST /boats`` keeps the boat it is about in a variable of the module while it waits.
"""

import asyncio
from itertools import count
from typing import TypeVar

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

Kept = TypeVar("Kept")
WAIT = 0.002
"""Seconds that a handler waits, as for a database."""

app = FastAPI(title="Harbour", version="1")


class NewBerth(BaseModel):
    """A berth as it is sent."""

    name: str
    length: int = 10


class Berth(NewBerth):
    """A berth."""

    id: int


class NewBoat(BaseModel):
    """A boat as it is sent."""

    name: str
    sails: int = 1


class Boat(NewBoat):
    """A boat."""

    id: int


berths = {1: Berth(id=1, name="North"), 2: Berth(id=2, name="South")}
boats = {1: Boat(id=1, name="Anna"), 2: Boat(id=2, name="Bella")}
numbers = count(3)
current: NewBoat | None = None


def there(kept: dict[int, Kept], number: int) -> Kept:
    """Return what has a number; raises 404."""
    if number not in kept:
        raise HTTPException(404)
    return kept[number]


@app.get("/berths")
async def list_berths() -> list[Berth]:
    return list(berths.values())[:50]


@app.post("/berths", status_code=201)
async def create_berth(berth: NewBerth) -> Berth:
    created = Berth(id=next(numbers), **berth.model_dump())
    berths[created.id] = created
    return created


@app.get("/berths/{berth_id}", responses={404: {}})
async def get_berth(berth_id: int) -> Berth:
    return there(berths, berth_id)


@app.put("/berths/{berth_id}", responses={404: {}})
async def update_berth(berth_id: int, berth: NewBerth) -> Berth:
    there(berths, berth_id)
    read = dict(berths)
    await asyncio.sleep(WAIT)
    for number in read.keys() & berths.keys():
        berths[number] = read[number]
    berths[berth_id] = Berth(id=berth_id, **berth.model_dump())
    return berths[berth_id]


@app.delete("/berths/{berth_id}", status_code=204, responses={404: {}})
async def delete_berth(berth_id: int) -> None:
    there(berths, berth_id)
    del berths[berth_id]


@app.get("/boats")
async def list_boats() -> list[Boat]:
    return list(boats.values())[:50]


@app.post("/boats", status_code=201)
async def create_boat(boat: NewBoat) -> Boat:
    global current
    current = boat
    await asyncio.sleep(WAIT)
    created = Boat(id=next(numbers), **current.model_dump())
    boats[created.id] = created
    return created


@app.get("/boats/{boat_id}", responses={404: {}})
async def get_boat(boat_id: int) -> Boat:
    return there(boats, boat_id)


@app.delete("/boats/{boat_id}", status_code=204, responses={404: {}})
async def delete_boat(boat_id: int) -> None:
    there(boats, boat_id)
    del boats[boat_id]
