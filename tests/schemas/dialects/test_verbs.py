import pytest

from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.dialects.verbs import USUAL, procedure_name, removes


@pytest.mark.parametrize(
    ("operation", "name"), [("v1_Guests_SaveGuest", "SaveGuest"), ("saveGuest", "saveGuest"), ("save_", "save_")]
)
def test_the_procedure_of_an_operation(operation: str, name: str) -> None:
    assert procedure_name(operation) == name


@pytest.mark.parametrize(
    ("operation", "is_removal"),
    [("Guests_DeleteGuest", True), ("purge", True), ("clearAll", True), ("Delete_GetGuest", False), ("Removal", False)],
)
def test_names_of_removals(operation: str, is_removal: bool) -> None:
    assert removes(operation) is is_removal


@pytest.mark.parametrize(
    ("operation", "reads"),
    [
        ("x_GetGuest", True),
        ("x_CreateDefaultGuest", True),
        ("x_CreateGuest", False),
        ("x_Getaway", False),
        ("x", False),
    ],
)
def test_procedures_that_a_family_knows_to_read(operation: str, reads: bool) -> None:
    assert SUPEROFFICE.verbs.reads(operation) is reads
    assert not USUAL.reads(operation)


@pytest.mark.parametrize(
    ("operation", "path", "word"),
    [
        ("x_GetGuest", "/guests", ""),
        ("x_SendMail", "/mails", "send"),
        ("x_GetOrCreateGuest", "/guests", "create"),
        ("x_GetOrder", "/order/close", ""),
        ("orders", "/order/{id}/close", "close"),
        ("", "/", ""),
    ],
)
def test_words_of_a_change(operation: str, path: str, word: str) -> None:
    assert USUAL.changing_word(operation, path) == word
