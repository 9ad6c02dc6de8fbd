# ruff: noqa: UP007  # the manual of aiohttp-pydantic reads Union only
"""Projects and their tasks: a service as the manual of aiohttp-pydantic has it, in memory."""

import itertools
import os
import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Union

from aiohttp import web
from aiohttp_pydantic import PydanticView, oas
from aiohttp_pydantic.injectors import Group
from aiohttp_pydantic.oas.typing import r200, r201, r204, r401, r404, r409
from aiohttp_pydantic.uploaded_file import UploadedFile
from pydantic import AwareDatetime, BaseModel, Field, SecretStr

BUG = os.environ.get("SERVICE_BUG", "")
TOKENS = {"let-me-in": "ann"}

HOURS: dict[str, Any] = {"ge": 1, "le": 100}
if BUG == "invalid-input-accepted":
    HOURS = {"json_schema_extra": {"minimum": 1, "maximum": 100}}


class Priority(StrEnum):
    low = "low"
    normal = "normal"
    high = "high"


class EmailReminder(BaseModel):
    kind: Literal["email"]
    address: str = Field(min_length=3, max_length=100)


class WebhookReminder(BaseModel):
    kind: Literal["webhook"]
    url: str
    retries: int = Field(3, ge=0, le=10)


Reminder = Annotated[Union[EmailReminder, WebhookReminder], Field(discriminator="kind")]


class NewUser(BaseModel):
    name: str = Field(min_length=1, max_length=40)
    password: SecretStr = Field(min_length=8)


class User(BaseModel):
    id: int
    name: str
    joined_at: AwareDatetime


class NewProject(BaseModel):
    name: str = Field(min_length=1)
    description: str | None = None
    budget: float = Field(0, ge=0, le=1_000_000)


class Project(NewProject):
    id: int
    created_at: AwareDatetime


class NewTask(BaseModel):
    title: str = Field(min_length=1)
    notes: str | None = None
    priority: Priority = Priority.normal
    hours: int = Field(1, **HOURS)
    reminder: Reminder
    labels: list[str] = []


class Task(NewTask):
    id: int
    project_id: int
    done: bool
    due: AwareDatetime | None = None
    created_at: AwareDatetime


class ProjectPage(BaseModel):
    total: int
    items: list[Project]


class TaskPage(BaseModel):
    total: int
    items: list[Task]


class Attachment(BaseModel):
    id: int
    task_id: int
    filename: str
    size: int


class Error(BaseModel):
    error: str


class Page(Group):
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0)] = 0


ids = itertools.count(1)
users: dict[int, User] = {}
projects: dict[int, Project] = {}
tasks: dict[int, Task] = {}
attachments: dict[int, Attachment] = {}


def now() -> datetime:
    return datetime.now(UTC)


def failure(error: type[web.HTTPException], message: str) -> web.HTTPException:
    return error(text=Error(error=message).model_dump_json(), content_type="application/json")


def dumped(entity: BaseModel) -> dict[str, Any]:
    data = entity.model_dump(mode="json")
    if BUG == "missing-required-property" and isinstance(entity, Project):
        del data["created_at"]
    if BUG == "datetime-without-offset" and isinstance(entity, Task):
        data["created_at"] = entity.created_at.replace(tzinfo=None).isoformat()
    if BUG == "wrong-type" and isinstance(entity, Task):
        data["hours"] = str(entity.hours)
    if BUG == "undocumented-enum-value" and isinstance(entity, Task) and entity.priority == Priority.high:
        data["priority"] = "urgent"
    if BUG == "null-in-excluded-property" and isinstance(entity, Project) and entity.budget == 0:
        data["budget"] = None
    return data


def reply(entity: BaseModel, status: int = 200) -> web.Response:
    return web.json_response(dumped(entity), status=status)


def page_of(entities: list[Any], page: Page) -> web.Response:
    if BUG == "page-limit-ignored":
        page.limit = len(entities)
    part = entities[page.offset : page.offset + page.limit]
    return web.json_response({"total": len(entities), "items": [dumped(entity) for entity in part]})


def project_or_404(project_id: int) -> Project:
    if project_id not in projects:
        raise failure(web.HTTPNotFound, f"there is no project {project_id}")
    return projects[project_id]


def task_or_404(task_id: int) -> Task:
    if task_id not in tasks:
        raise failure(web.HTTPNotFound, f"there is no task {task_id}")
    return tasks[task_id]


@web.middleware
async def authentication(request: web.Request, handler: Any) -> web.StreamResponse:
    public = request.method in ("GET", "HEAD") or request.path == "/users"
    if BUG == "auth-not-required" and request.method == "POST":
        public = True
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not public and (scheme.lower() != "bearer" or token not in TOKENS):
        raise failure(web.HTTPUnauthorized, "a bearer token, please")
    return await handler(request)


class UsersView(PydanticView):
    async def post(self, user: NewUser) -> Union[r201[User], r409[Error]]:
        """
        Sign up

        Tags: users
        Status Codes:
            201: The user was created
            409: The name is taken
        """
        if any(other.name == user.name for other in users.values()):
            raise failure(web.HTTPConflict, f"the name {user.name} is taken")
        created = User(id=next(ids), name=user.name, joined_at=now())
        users[created.id] = created
        if BUG == "writeonly-leaked":
            return web.json_response(
                {**created.model_dump(mode="json"), "password": user.password.get_secret_value()}, status=201
            )
        return reply(created, 201)


class UserView(PydanticView):
    async def get(self, user_id: int, /) -> Union[r200[User], r404[Error]]:
        """
        Get a user

        Tags: users
        """
        if user_id not in users:
            raise failure(web.HTTPNotFound, f"there is no user {user_id}")
        return reply(users[user_id])


class ProjectsView(PydanticView):
    async def get(self, page: Page, name: str | None = None) -> r200[ProjectPage]:
        """
        List projects

        Tags: projects
        """
        matching = [project for project in projects.values() if name is None or name in project.name]
        return page_of(matching, page)

    async def post(self, project: NewProject) -> Union[r201[Project], r401[Error]]:
        """
        Create a project

        Security: bearer
        Tags: projects
        Status Codes:
            201: The project was created
            401: The token is missing or unknown
        """
        if BUG == "crash-on-long-text" and len(project.description or "") > 200:
            raise OverflowError("value too long for type character varying(200)")
        created = Project(**project.model_dump(), id=next(ids), created_at=now())
        projects[created.id] = created
        return reply(created, 200 if BUG == "wrong-success-status" else 201)


class ProjectView(PydanticView):
    async def get(self, project_id: int, /) -> Union[r200[Project], r404[Error]]:
        """
        Get a project

        Tags: projects
        """
        return reply(project_or_404(project_id))

    async def put(self, project_id: int, /, project: NewProject) -> Union[r200[Project], r401[Error], r404[Error]]:
        """
        Replace a project

        Security: bearer
        Tags: projects
        """
        old = project_or_404(project_id)
        changed = Project(**project.model_dump(), id=old.id, created_at=old.created_at)
        if BUG != "put-not-stored":
            projects[project_id] = changed
        return reply(changed)

    async def delete(self, project_id: int, /) -> Union[r204, r401[Error], r404[Error]]:
        """
        Delete a project with its tasks

        Security: bearer
        Tags: projects
        """
        project_or_404(project_id)
        if BUG != "delete-does-nothing":
            del projects[project_id]
            for task in [task for task in tasks.values() if task.project_id == project_id]:
                del tasks[task.id]
        return web.Response(status=204)


class TasksView(PydanticView):
    async def get(
        self, project_id: int, /, page: Page, priority: Literal["low", "normal", "high"] | None = None
    ) -> Union[r200[TaskPage], r404[Error]]:
        """
        List the tasks of a project

        Tags: tasks
        """
        project_or_404(project_id)
        matching = [task for task in tasks.values() if task.project_id == project_id]
        return page_of([task for task in matching if priority in (None, task.priority.value)], page)

    async def post(self, project_id: int, /, task: NewTask) -> Union[r201[Task], r401[Error], r404[Error]]:
        """
        Add a task to a project

        Security: bearer
        Tags: tasks
        Status Codes:
            201: The task was created
        """
        project_or_404(project_id)
        if BUG == "crash-on-quote-or-percent" and ("'" in task.title or "%" in task.title):
            raise ValueError(f"syntax error near {task.title}")
        if BUG == "field-lost-on-create":
            task.notes = None
        created = Task(**task.model_dump(), id=next(ids), project_id=project_id, done=False, created_at=now())
        tasks[created.id] = created
        return reply(created, 201)


class TaskView(PydanticView):
    async def get(self, task_id: int, /) -> Union[r200[Task], r404[Error]]:
        """
        Get a task

        Tags: tasks
        """
        return reply(task_or_404(task_id))

    async def put(self, task_id: int, /, task: NewTask) -> Union[r200[Task], r401[Error], r404[Error]]:
        """
        Replace a task

        Security: bearer
        Tags: tasks
        """
        old = task_or_404(task_id)
        kept = old.model_dump(include={"id", "project_id", "done", "due", "created_at"})
        tasks[task_id] = Task(**task.model_dump(), **kept)
        return reply(tasks[task_id])

    async def delete(self, task_id: int, /) -> Union[r204, r401[Error], r404[Error]]:
        """
        Delete a task

        Security: bearer
        Tags: tasks
        """
        task_or_404(task_id)
        del tasks[task_id]
        return web.Response(status=204)


class AttachmentsView(PydanticView):
    async def get(self, task_id: int, /) -> Union[r200[list[Attachment]], r404[Error]]:
        """
        List the files of a task

        Tags: attachments
        """
        task_or_404(task_id)
        return web.json_response(
            [dumped(attachment) for attachment in attachments.values() if attachment.task_id == task_id]
        )

    async def post(self, task_id: int, /, file: UploadedFile) -> Union[r201[Attachment], r401[Error], r404[Error]]:
        """
        Attach a file to a task

        Security: bearer
        Tags: attachments
        Status Codes:
            201: The file was stored
        """
        task_or_404(task_id)
        part = await file.body_part_reader()
        content = await file.read()
        created = Attachment(id=next(ids), task_id=task_id, filename=part.filename or "", size=len(content))
        attachments[created.id] = created
        return reply(created, 201)


def application() -> web.Application:
    app = web.Application(middlewares=[authentication])
    oas.setup(
        app, title_spec="Projects", version_spec="1.0.0", security={"bearer": {"type": "http", "scheme": "bearer"}}
    )
    app.router.add_view("/users", UsersView)
    app.router.add_view("/users/{user_id}", UserView)
    app.router.add_view("/projects", ProjectsView)
    app.router.add_view("/projects/{project_id}", ProjectView)
    app.router.add_view("/projects/{project_id}/tasks", TasksView)
    app.router.add_view("/tasks/{task_id}", TaskView)
    app.router.add_view("/tasks/{task_id}/attachments", AttachmentsView)
    return app


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]))
