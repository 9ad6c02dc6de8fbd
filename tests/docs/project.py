"""The project that the commands of a block run in: pages, a document, a repository, tests, an image."""

import shutil
import subprocess
from pathlib import Path

import pytest

from docdouble.contracts.coverage.use_recorder import served_use
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Contract, extract
from docdouble.schemas.openapi.contract_file import contract_file_bytes
from docdouble.schemas.openapi.convert import to_openapi

from .blocks import ROOT
from .shell import TOKEN, Shell

CONTACT = ROOT / "tests" / "fakeserver" / "contact"
HOTEL = Path(__file__).parent / "openapi.yaml"
ASSIGN = "v1AppointmentAgent_AssignTo"
ASSIGNS = f"""
import pytest

PATH = "/api/v1/Agents/Appointment/AssignTo"
ANY = {{"Authorization": "Bearer any"}}

def test_a_refusal(fake_client):
    assert fake_client.post(PATH, json={{"AppointmentId": 7}}, headers=ANY).json["AppointmentId"] == 7
    assert fake_client.post(PATH, json={{"AppointmentId": "7"}}, headers=ANY).status_code == 400

def test_an_id(fake_client):
    assert fake_client.post(PATH, json={{"AppointmentId": 8}}, headers=ANY).status_code == 200

@pytest.mark.contract(operation="{ASSIGN}")
def test_another(fake_client):
    assert fake_client.post(PATH, json={{"AppointmentId": 9}}, headers=ANY).status_code == 200
"""
READS_BUSINESS = """
def test_the_business(fake_client):
    assert "Business" in fake_client.get("/api/v1/Contact/5", headers={"Authorization": "Bearer any"}).json
"""


def fake_of(contract: Contract) -> FakeServer:
    """A fake that records what its callers use of the contract."""
    observer = served_use(contract, source="superoffice", only=(), skip=())
    return FakeServer(contract, Settings(), token=TOKEN, observer=observer)


QUAY = """\
openapi: 3.1.0

info:
  title: Quay

paths:
  /ships/{id}:
    summary: A ship
    get:
      summary: One ship
"""
"""An OpenAPI document with faults."""


def prepare(text: str, shell: Shell, request: pytest.FixtureRequest) -> None:
    """Make what the commands name: pages, a repository, a document, tests, an image."""
    folder = shell.pytester.path
    if "trade.yaml" in text:
        shutil.copy(HOTEL.with_name("trade.yaml"), folder)
        shell.app = FakeServer(extract(str(HOTEL.with_name("trade.yaml"))).contract, Settings())
    elif "openapi.yaml" in text:
        shutil.copy(HOTEL, folder)
        shell.app = fake_of(extract(str(HOTEL)).contract)
    elif "git:" in text:
        with_repository(folder)
    elif "docdouble init" in text:
        shutil.copytree(CONTACT, folder / "docs" / "reference")
        (folder / ".github").mkdir()
    elif "docs/reference" in text:
        (folder / "docs" / "reference").mkdir(parents=True)
        page = request.getfixturevalue("shared") / "seed" / f"{ASSIGN}.md"
        shutil.copy(page, folder / "docs" / "reference")
    elif "docs/" in text:
        (folder / "docs").mkdir()
        shutil.copy(CONTACT / "v1ContactEntity_Get.md", folder / "docs")
    elif "pytest" in text:
        (folder / "tests" / "api").mkdir(parents=True)
        (folder / "tests" / "api" / "test_assign.py").write_text(ASSIGNS, encoding="utf-8")
    if "quay.yaml" in text:
        (folder / "quay.yaml").write_text(QUAY, encoding="utf-8")
    if "contract.json --auth" in text or "/Image" in text:
        contract = request.getfixturevalue("reference")
        (folder / "contract.json").write_bytes(contract_file_bytes(to_openapi(contract)))
        (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        shell.app = fake_of(contract)
    if "tests/fakeserver/contact" in text:
        shutil.copytree(CONTACT, folder / "tests" / "fakeserver" / "contact")


def with_repository(folder: Path) -> None:
    """Contact pages in the branch main; in the working tree, a property is gone and a parameter is new."""
    shutil.copytree(CONTACT, folder / "docs")
    shutil.copytree(CONTACT, folder / "pages")
    author = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
    for words in (("init", "-q", "-b", "main"), ("add", "docs"), (*author, "commit", "-q", "-m", "pages")):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
    change_pages(folder / "docs")
    (folder / "docdouble.toml").write_text('source = "pages"', encoding="utf-8")
    (folder / "test_business.py").write_text(READS_BUSINESS, encoding="utf-8")


def change_pages(docs: Path) -> None:
    """Remove a property, and make a parameter required."""
    for page in docs.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        text = text.replace("| Business | string | What it deals in |\n", "").replace('  "Business": "Food",\n', "")
        if "List" in page.name:
            text = text.replace("| $select |", "| tenant | string |  Whose **Required** |\n| $select |")
        page.write_text(text, encoding="utf-8")
