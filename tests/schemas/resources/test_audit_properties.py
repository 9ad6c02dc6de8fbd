import pytest

from docdouble.schemas.resources.audit_properties import (
    is_change_time,
    is_creation_time,
    is_set_by_server,
    marks_deletion,
)

CHANGED = [
    "UpdatedDate",
    "updatedDateTime",
    "lastModified",
    "DateLastChanged",
    "modifiedAt",
    "updated",
    "updated_at",
    "last-modified",
]
CREATED = ["CreatedDate", "createdDateTime", "registered", "DateCreated", "createdOn", "lastCreated", "created_at"]
BY = ["UpdatedBy", "createdById", "lastModifiedByName", "RegisteredByFullName", "created_by"]
OTHERS = ["Title", "unchanged", "changedReason", "Date", "LastName", "updates", "byUpdated", "createdDateFormat"]


@pytest.mark.parametrize("name", [*CHANGED, *CREATED, *BY, *OTHERS])
def test_what_names_say(name: str) -> None:
    assert (is_change_time(name), is_creation_time(name)) == (name in CHANGED, name in CREATED)
    assert is_set_by_server(name, {}) is (name not in OTHERS)
    assert is_set_by_server(name.lower(), None) is (name not in OTHERS)


def test_what_is_documented_as_read_only() -> None:
    assert is_set_by_server("Title", {"readOnly": True})
    assert not is_set_by_server("Title", {"readOnly": "yes"})
    assert not is_set_by_server("Title", True)


def test_marks_of_what_is_deleted() -> None:
    assert [
        name for name in ("Deleted", "isDeleted", "is_deleted", "deletedBy", "undeleted") if marks_deletion(name)
    ] == [
        "Deleted",
        "isDeleted",
        "is_deleted",
    ]
