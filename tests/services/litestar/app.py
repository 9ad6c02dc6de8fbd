"""A conference in Litestar: speakers, rooms and the talks in them, with an API key."""

import os
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from litestar import Controller, Litestar, Response, delete, get, patch, post, put
from litestar.connection import ASGIConnection
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, NotAuthorizedException, NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.pagination import OffsetPagination
from litestar.params import Body, Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_409_CONFLICT

BUG = os.environ.get("SERVICE_BUG", "")


class Level(StrEnum):
    BEGINNER = "beginner"
    ADVANCED = "advanced"


class OnSite(msgspec.Struct, tag="on-site", tag_field="kind"):
    seats: Annotated[int, msgspec.Meta(ge=1, le=5000)]
    wheelchair: bool = False


class Online(msgspec.Struct, tag="online", tag_field="kind"):
    link: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class SpeakerIn(msgspec.Struct):
    email: Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=100)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    password: Annotated[str, msgspec.Meta(min_length=8)]


class Speaker(msgspec.Struct):
    id: int
    email: str
    name: str


class RoomIn(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    place: OnSite | Online
    directions: str | None = None


class Room(RoomIn, kw_only=True):
    id: UUID
    created_at: datetime


LIMIT = (
    Parameter(schema_extra={"minimum": 1.0, "maximum": 100.0})
    if BUG == "invalid-input-accepted"
    else Parameter(ge=1, le=100)
)


class TalkIn(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    level: Level
    minutes: Annotated[int, msgspec.Meta(ge=5, le=240)]
    abstract: str = ""
    starts_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class TalkPatch(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=120)] | msgspec.UnsetType = msgspec.UNSET
    level: Level | msgspec.UnsetType = msgspec.UNSET
    minutes: Annotated[int, msgspec.Meta(ge=5, le=240)] | msgspec.UnsetType = msgspec.UNSET


class Talk(TalkIn, kw_only=True):
    id: UUID
    room_id: UUID


class Slides(msgspec.Struct):
    filename: str
    size: int


speakers: dict[int, SpeakerIn] = {}
rooms: dict[UUID, Room] = {}
talks: dict[UUID, Talk] = {}
SECURITY: list[dict[str, list[str]]] = [{"apiKey": []}]


def api_key_guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    if connection.headers.get("X-API-Key") != "let-me-in":
        raise NotAuthorizedException(headers={"WWW-Authenticate": "ApiKey"})


SECURED: dict[str, Any] = {"guards": [api_key_guard], "security": SECURITY, "raises": [NotAuthorizedException]}
OPEN: dict[str, Any] = {**SECURED, "guards": []} if BUG == "auth-not-required" else SECURED


def entity_of(store: dict[UUID, Any], key: UUID) -> Any:
    if key not in store:
        raise NotFoundException("Not found")
    return store[key]


@post("/speakers")
async def create_speaker(data: SpeakerIn) -> Speaker:
    if any(speaker.email == data.email for speaker in speakers.values()):
        raise ClientException("The e-mail address is taken", status_code=HTTP_409_CONFLICT)
    number = len(speakers) + 1
    speakers[number] = data
    shown = {"id": number, "email": data.email, "name": data.name}
    return shown | {"password": data.password} if BUG == "writeonly-leaked" else Speaker(**shown)


class RoomController(Controller):
    path = "/rooms"

    @get()
    async def list_rooms(
        self,
        limit: Annotated[int, LIMIT] = 20,
        offset: Annotated[int, Parameter(ge=0)] = 0,
        search: str | None = None,
    ) -> OffsetPagination[Room]:
        if BUG == "crash-on-quote-or-percent" and search:
            search % ()
        listed = [room for room in rooms.values() if (search or "") in room.name]
        items = listed[offset:] if BUG == "page-limit-ignored" else listed[offset : offset + limit]
        return OffsetPagination(items=items, total=len(listed), limit=limit, offset=offset)

    @post(**OPEN)
    async def create_room(self, data: RoomIn) -> Room:
        room = Room(
            **{name: getattr(data, name) for name in data.__struct_fields__}, id=uuid4(), created_at=datetime.now(UTC)
        )
        if BUG == "field-lost-on-create":
            room.directions = None
        if BUG == "crash-on-long-text" and len(data.directions or "") > 200:
            raise RuntimeError("value too long for type character varying(200)")
        rooms[room.id] = room
        return Response(room, status_code=HTTP_200_OK) if BUG == "wrong-success-status" else room

    @get("/{room_id:uuid}", raises=[NotFoundException])
    async def get_room(self, room_id: UUID) -> Room:
        room = entity_of(rooms, room_id)
        if BUG == "datetime-without-offset":
            return msgspec.structs.replace(room, created_at=room.created_at.replace(tzinfo=None))
        return room

    @put("/{room_id:uuid}", **{**SECURED, "raises": [NotAuthorizedException, NotFoundException]})
    async def replace_room(self, room_id: UUID, data: RoomIn) -> Room:
        old = entity_of(rooms, room_id)
        room = msgspec.structs.replace(old, name=data.name, place=data.place, directions=data.directions)
        if BUG != "put-not-stored":
            rooms[room_id] = room
        return room

    @delete("/{room_id:uuid}", **{**SECURED, "raises": [NotAuthorizedException, NotFoundException]})
    async def delete_room(self, room_id: UUID) -> None:
        entity_of(rooms, room_id)
        if BUG == "delete-does-nothing":
            return
        del rooms[room_id]
        for talk in [talk for talk in talks.values() if talk.room_id == room_id]:
            del talks[talk.id]

    @get("/{room_id:uuid}/talks", raises=[NotFoundException])
    async def list_talks(self, room_id: UUID) -> list[Talk]:
        entity_of(rooms, room_id)
        return [talk for talk in talks.values() if talk.room_id == room_id]

    @post("/{room_id:uuid}/talks", **{**SECURED, "raises": [NotAuthorizedException, NotFoundException]})
    async def create_talk(self, room_id: UUID, data: TalkIn) -> Talk:
        entity_of(rooms, room_id)
        talk = Talk(**{name: getattr(data, name) for name in data.__struct_fields__}, id=uuid4(), room_id=room_id)
        talks[talk.id] = talk
        return talk


class TalkController(Controller):
    path = "/talks/{talk_id:uuid}"

    @get(raises=[NotFoundException])
    async def get_talk(self, talk_id: UUID) -> Talk:
        talk = entity_of(talks, talk_id)
        shown = msgspec.to_builtins(talk)
        match BUG:
            case "null-in-excluded-property":
                return shown | {"title": None}
            case "wrong-type":
                return shown | {"minutes": str(talk.minutes)}
            case "missing-required-property":
                return {name: value for name, value in shown.items() if name != "room_id"}
            case "undocumented-enum-value":
                return shown | {"level": "unknown"}
        return talk

    @patch(**{**SECURED, "raises": [NotAuthorizedException, NotFoundException]})
    async def update_talk(self, talk_id: UUID, data: TalkPatch) -> Talk:
        changes = {name: getattr(data, name) for name in data.__struct_fields__}
        changes = {name: value for name, value in changes.items() if value is not msgspec.UNSET}
        talks[talk_id] = msgspec.structs.replace(entity_of(talks, talk_id), **changes)
        return talks[talk_id]

    @delete(**{**SECURED, "raises": [NotAuthorizedException, NotFoundException]})
    async def delete_talk(self, talk_id: UUID) -> None:
        entity_of(talks, talk_id)
        del talks[talk_id]

    @post("/slides", **{**SECURED, "raises": [NotAuthorizedException, NotFoundException]})
    async def upload_slides(
        self, talk_id: UUID, data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]
    ) -> Slides:
        entity_of(talks, talk_id)
        return Slides(filename=data.filename, size=len(await data.read()))


scheme = SecurityScheme(type="apiKey", name="X-API-Key", security_scheme_in="header")
app = Litestar(
    [create_speaker, RoomController, TalkController],
    openapi_config=OpenAPIConfig("Conference", "1.0.0", components=Components(security_schemes={"apiKey": scheme})),
)
