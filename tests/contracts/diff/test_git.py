"""Documentation as a git revision has it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from docdouble.contracts.diff import git as module
from docdouble.contracts.diff.git import revision_files
from docdouble.schemas import ConfigError

Git = Callable[..., str]
PAGES = sorted(f"v1ContactEntity_{name}.md" for name in ("Create", "Delete", "Get", "List", "Patch"))


def names(source: str) -> list[str]:
    with revision_files(source) as copy:
        return sorted(path.relative_to(copy.root).as_posix() for path in copy.root.rglob("*") if path.is_file())


def refused(source: str) -> str:
    with pytest.raises(ConfigError) as caught, revision_files(source):
        pass
    return str(caught.value)


def plant(git: Git, top: Path, *entries: str) -> None:
    """Commit a tree that git itself would not add: ``MODE KIND OBJECT\\tNAME`` each."""
    tree = subprocess.run(
        ["git", "mktree", "--missing"], cwd=top, input="\n".join(entries) + "\n", text=True, capture_output=True
    ).stdout.strip()
    git("update-ref", "refs/heads/planted", git("commit-tree", "-m", "planted", tree))


@pytest.mark.parametrize("source", ["git:main:docs", "git:main:docs/", "git:HEAD:./docs", "git:HEAD:docs/../docs"])
def test_a_folder_has_its_pages_by_the_names_of_the_working_tree(source: str, project: Path) -> None:
    assert names(source) == PAGES
    with revision_files(source) as copy:
        assert (copy.path, copy.folder, copy.refused) == (copy.root, "docs", ())
        assert (copy.root / PAGES[0]).read_bytes() == (project / "docs" / PAGES[0]).read_bytes()


def test_the_revision_is_read_and_not_the_working_tree(git: Git, project: Path) -> None:
    (project / "docs" / PAGES[0]).write_text("changed")
    git("add", ".")
    with revision_files("git:main:docs") as copy:
        assert (copy.root / PAGES[0]).read_text() != "changed"
    assert git("status", "--porcelain") == f"M  docs/{PAGES[0]}"


def test_nothing_is_left_behind(project: Path) -> None:
    with revision_files("git:main:docs") as copy:
        pass
    assert not copy.root.exists()


def test_the_top_folder(project: Path) -> None:
    assert names("git:main:") == names("git:main:.") == [f"docs/{page}" for page in PAGES]


def test_paths_from_here_begin_with_a_dot(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "docs")
    assert names("git:main:./") == names("git:main:docs") == PAGES
    assert names("git:main:../docs") == PAGES


def test_a_page_comes_with_those_that_it_may_include_and_a_document_alone(git: Git, project: Path) -> None:
    (project / "docs" / "api.yaml").write_text("openapi: 3.1.0")
    git("add", ".")
    git("commit", "-q", "-m", "document")
    assert names(f"git:main:docs/{PAGES[0]}") == PAGES
    assert names("git:main:docs/api.yaml") == ["api.yaml"]
    with revision_files("git:main:docs/api.yaml") as copy:
        assert (copy.path.name, copy.folder) == ("api.yaml", "docs")


def test_names_with_spaces_and_accents(git: Git, project: Path) -> None:
    (project / "docs" / "à la carte.md").write_text("x")
    git("add", ".")
    git("commit", "-q", "-m", "menu")
    assert "à la carte.md" in names("git:main:docs")


def test_links_and_submodules_are_named_and_not_followed(git: Git, project: Path) -> None:
    (project / "docs" / "link.md").symlink_to("/etc/passwd")
    git("add", ".")
    commit = git("rev-parse", "HEAD")
    git("update-index", "--add", "--cacheinfo", f"160000,{commit},docs/module")
    git("commit", "-q", "-m", "links")
    with revision_files("git:main:docs") as copy:
        assert copy.refused == (
            "link.md is a symbolic link, and not followed",
            "module is a submodule, and not followed",
        )
    assert names("git:main:docs") == PAGES
    assert refused("git:main:docs/link.md") == "git:main:docs/link.md: 'link.md' is not a file: it is a symbolic link"


def test_a_tree_that_leads_outside_is_not_followed(git: Git, project: Path) -> None:
    page = git("rev-parse", f"main:docs/{PAGES[0]}")
    inner = subprocess.run(
        ["git", "mktree"], cwd=project, input=f"100644 blob {page}\tout.md\n", text=True, capture_output=True
    ).stdout.strip()
    plant(git, project, f"040000 tree {inner}\t..", f"100644 blob {page}\tin.md")
    with revision_files("git:planted:") as copy:
        assert copy.refused == ("'../out.md' is no path that may be written",)
        assert [path.name for path in copy.root.iterdir()] == ["in.md"]


def test_a_page_too_large_is_left_to_the_reader_without_its_content(
    git: Git, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_DOCUMENT_BYTES", 100)
    (project / "docs" / "a.md").write_text("small")
    git("add", ".")
    git("commit", "-q", "-m", "small")
    with revision_files("git:main:docs") as copy:
        assert (copy.root / PAGES[0]).stat().st_size == (project / "docs" / PAGES[0]).stat().st_size
        assert not (copy.root / PAGES[0]).read_bytes().strip(b"\0")
        assert (copy.root / "a.md").read_text() == "small"


def test_too_much_of_everything(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    assert refused("git:main:docs") == "source: 'git:main:docs' is not of at most 0 MiB"


def test_a_hook_does_not_change_which_repository_is_meant(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert names("git:main:docs") == PAGES


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("git:mian:docs", "git:mian:docs: 'mian' is not a revision of this repository; did you mean 'main'?"),
        ("git:v1.3:docs", "git:v1.3:docs: 'v1.3' is not a revision of this repository; did you mean 'v1.2'?"),
        ("git:main:dosc", "git:main:dosc: 'dosc' is not in the top folder of that revision; did you mean 'docs'?"),
        ("git:main:docs/x/y", "git:main:docs/x/y: 'x' is not in docs of that revision; expected one of "),
        ("git:main:../docs", "git:main:../docs: '../docs' is not a path inside the repository, from its top folder"),
        ("git:main:/docs", "git:main:/docs: '/docs' is not a path inside the repository, from its top folder"),
        ("git:main", "source: 'git:main' is not of the form git:REVISION:PATH, such as git:main:docs"),
        ("git::docs", "source: 'git::docs' is not of the form git:REVISION:PATH, such as git:main:docs"),
        ("git:--all:docs", "git:--all:docs: '--all' is not a revision of this repository; "),
        ("git:--output=x:docs", "git:--output=x:docs: '--output=x' is not a revision of this repository; "),
    ],
)
def test_what_git_does_not_have(source: str, message: str, git: Git, project: Path) -> None:
    git("tag", "v1.2")
    assert refused(source).startswith(message)
    assert sorted(os.listdir(project)) == [".git", "docs"]


def test_a_file_is_no_folder(project: Path) -> None:
    assert refused(f"git:main:docs/{PAGES[0]}/x") == (
        f"git:main:docs/{PAGES[0]}/x: 'x' is not in docs/{PAGES[0]} of that revision"
    )


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert refused("git:main:docs") == f"source: 'git:main:docs' is not readable: {tmp_path} is in no git repository"


def test_without_git(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert refused("git:main:docs") == "source: 'git:main:docs' is not readable: git is not installed"


def test_a_shallow_clone_says_so(git: Git, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("commit", "-q", "--allow-empty", "-m", "second")
    git("clone", "-q", "--depth", "1", project.as_uri(), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    assert names("git:HEAD:docs") == PAGES
    assert "a shallow clone; fetch more of it (in GitHub Actions: fetch-depth: 0)" in refused("git:HEAD~1:docs")


def test_objects_that_are_not_there(git: Git, project: Path) -> None:
    page = git("rev-parse", f"main:docs/{PAGES[0]}")
    (project / ".git" / "objects" / page[:2] / page[2:]).unlink()
    assert refused("git:main:docs").startswith("source: 'git:main:docs' is not readable: ")


def test_other_formats_come_with_a_folder_and_collections_alone(git: Git, project: Path) -> None:
    (project / "calls").mkdir()
    for name in ("a.http", "b.har", "c.json", "d.html", "e.rst", "f.png"):
        (project / "calls" / name).write_text("x")
    git("add", ".")
    git("commit", "-q", "-m", "calls")
    assert names("git:main:calls") == ["a.http", "b.har", "c.json", "d.html", "e.rst"]
    assert names("git:main:calls/b.har") == ["b.har"]
    assert names("git:main:calls/e.rst") == ["a.http", "b.har", "c.json", "d.html", "e.rst"]
