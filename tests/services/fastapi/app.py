"""A bookshop in FastAPI: users with tokens, authors, their books, covers."""

import os
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, HTTPException, Query, Response, UploadFile, status
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel, Field

BUG = os.environ.get("SERVICE_BUG", "")

app = FastAPI(title="Bookshop", version="1.0.0")
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token", auto_error=BUG != "auth-not-required")


class Genre(StrEnum):
    novel = "novel"
    poetry = "poetry"
    essay = "essay"


class Printed(BaseModel):
    kind: Literal["printed"]
    pages: int = Field(ge=1, le=5000)
    hardcover: bool = False


class Audio(BaseModel):
    kind: Literal["audio"]
    minutes: float = Field(gt=0)
    narrator: str


class UserIn(BaseModel):
    username: str = Field(min_length=3, max_length=40)
    password: str = Field(min_length=8)
    full_name: str | None = None


class UserOut(BaseModel):
    username: str
    full_name: str | None = None


class Token(BaseModel):
    access_token: str
    token_type: str


class AuthorIn(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    biography: str | None = None
    born: int | None = Field(default=None, ge=1000, le=2100)


class AuthorPatch(BaseModel):
    name: str = Field(default="unnamed", min_length=1, max_length=80)
    biography: str | None = None
    born: int | None = Field(default=None, ge=1000, le=2100)


class Author(AuthorIn):
    id: int
    created_at: datetime


class BookIn(BaseModel):
    title: str = Field(min_length=1, max_length=120)
    subtitle: str | None = None
    summary: str = ""
    genre: Genre = Genre.novel
    price: float = (
        Field(json_schema_extra={"exclusiveMinimum": 0, "maximum": 10000})
        if BUG == "invalid-input-accepted"
        else Field(gt=0, le=10000)
    )
    edition: Annotated[Printed | Audio, Field(discriminator="kind")]


class Book(BookIn):
    id: UUID
    author_id: int
    created_at: datetime


class BookPage(BaseModel):
    items: list[Book]
    total: int


class Cover(BaseModel):
    filename: str | None
    size: int


fake_users_db: dict[str, UserIn] = {"alice": UserIn(username="alice", password="wonderland", full_name="Alice")}
authors: dict[int, Author] = {}
books: dict[UUID, Book] = {}


def get_current_user(token: Annotated[str | None, Depends(oauth2_scheme)]) -> UserIn:
    if token is None:
        return fake_users_db["alice"]
    if token not in fake_users_db:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Invalid token", headers={"WWW-Authenticate": "Bearer"})
    return fake_users_db[token]


def get_author(author_id: int) -> Author:
    if author_id not in authors:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Author not found")
    return authors[author_id]


def get_book(book_id: UUID) -> Book:
    if book_id not in books:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Book not found")
    return books[book_id]


CurrentUser = Annotated[UserIn, Depends(get_current_user)]
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "Not found"}}


@app.post("/token")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Token:
    user = fake_users_db.get(form.username)
    if user is None or user.password != form.password:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "Incorrect username or password")
    return Token(access_token=user.username, token_type="bearer")


@app.post("/users", status_code=201, response_model=UserOut)
def create_user(user: UserIn) -> Any:
    if user.username in fake_users_db:
        raise HTTPException(status.HTTP_409_CONFLICT, "Username is taken")
    fake_users_db[user.username] = user
    return JSONResponse(user.model_dump(), 201) if BUG == "writeonly-leaked" else user


@app.get("/users/me")
def read_users_me(user: CurrentUser) -> UserOut:
    return UserOut(**user.model_dump())


@app.get("/authors")
def read_authors(
    skip: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=100)] = 100
) -> list[Author]:
    return [*authors.values()][skip : skip + limit]


@app.post("/authors", status_code=201)
def create_author(author: AuthorIn, user: CurrentUser, response: Response) -> Author:
    if BUG == "crash-on-long-text" and len(author.biography or "") > 200:
        raise RuntimeError("value too long for type character varying(200)")
    new = Author(**author.model_dump(), id=max(authors, default=0) + 1, created_at=datetime.now(UTC))
    authors[new.id] = new
    if BUG == "wrong-success-status":
        response.status_code = 200
    return new


@app.get("/authors/{author_id}", responses=NOT_FOUND)
def read_author(author: Annotated[Author, Depends(get_author)]) -> Author:
    if BUG == "datetime-without-offset":
        return author.model_copy(update={"created_at": author.created_at.replace(tzinfo=None)})
    return author


@app.patch("/authors/{author_id}", responses=NOT_FOUND)
def update_author(author_id: int, patch: AuthorPatch, user: CurrentUser) -> Author:
    old = get_author(author_id)
    authors[author_id] = old.model_copy(update=patch.model_dump(exclude_unset=True))
    return authors[author_id]


@app.delete("/authors/{author_id}", status_code=204, responses=NOT_FOUND)
def delete_author(author_id: int, user: CurrentUser) -> None:
    get_author(author_id)
    for book in [book for book in books.values() if book.author_id == author_id]:
        del books[book.id]
    del authors[author_id]


@app.get("/authors/{author_id}/books", responses=NOT_FOUND)
def read_author_books(author: Annotated[Author, Depends(get_author)]) -> list[Book]:
    return [book for book in books.values() if book.author_id == author.id]


@app.post("/authors/{author_id}/books", status_code=201, responses=NOT_FOUND)
def create_book(author_id: int, book: BookIn, user: CurrentUser) -> Book:
    get_author(author_id)
    new = Book(**book.model_dump(), id=uuid4(), author_id=author_id, created_at=datetime.now(UTC))
    if BUG == "field-lost-on-create":
        new.subtitle = None
    books[new.id] = new
    return new


@app.get("/books")
def read_books(
    skip: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    genre: Genre | None = None,
    q: str | None = None,
) -> BookPage:
    if BUG == "crash-on-quote-or-percent" and q and ("'" in q or "%" in q):
        raise RuntimeError("unterminated quoted string")
    matching = [book for book in books.values() if genre in (None, book.genre) and (q or "") in book.title]
    return BookPage(
        items=matching[skip:] if BUG == "page-limit-ignored" else matching[skip : skip + limit], total=len(matching)
    )


@app.get("/books/{book_id}", response_model=Book, responses=NOT_FOUND)
def read_book(book: Annotated[Book, Depends(get_book)]) -> Any:
    shown = jsonable_encoder(book)
    match BUG:
        case "null-in-excluded-property":
            return JSONResponse(shown | {"summary": None})
        case "wrong-type":
            return JSONResponse(shown | {"price": str(book.price)})
        case "missing-required-property":
            return JSONResponse({name: value for name, value in shown.items() if name != "author_id"})
        case "undocumented-enum-value":
            return JSONResponse(shown | {"genre": "unknown"})
    return book


@app.put("/books/{book_id}", responses=NOT_FOUND)
def update_book(book_id: UUID, book: BookIn, user: CurrentUser) -> Book:
    old = get_book(book_id)
    new = Book(**book.model_dump(), id=old.id, author_id=old.author_id, created_at=old.created_at)
    if BUG != "put-not-stored":
        books[book_id] = new
    return new


@app.delete("/books/{book_id}", status_code=204, responses=NOT_FOUND)
def delete_book(book_id: UUID, user: CurrentUser) -> None:
    get_book(book_id)
    if BUG != "delete-does-nothing":
        del books[book_id]


@app.put("/books/{book_id}/cover", responses=NOT_FOUND)
async def upload_cover(book_id: UUID, file: UploadFile, user: CurrentUser) -> Cover:
    get_book(book_id)
    return Cover(filename=file.filename, size=len(await file.read()))
