"""Names of types: what a resource is called after them."""

import pytest

from docdouble.schemas.resources.naming import resource_name, short_name


@pytest.mark.parametrize(
    ("type_name", "name"),
    [
        ("Pet", "Pet"),
        ("Shop.Models.Pet", "Pet"),
        ("shop::Pet", "Pet"),
        ("Pet.7d10434", "Pet"),
        ("Pet.ad30e22", "Pet"),
        ("Pets.7d10434.Pet", "Pet"),
        ("Pet.v1", "Pet"),
        ("io.example.core.v1.Pet", "Pet"),
        ("com.example.Pet.2024", "Pet"),
        ("Shop.Decade", "Decade"),
        ("v1", "v1"),
        ("Pet.", "Pet."),
    ],
)
def test_a_type_is_called_without_its_namespace_version_and_digest(type_name: str, name: str) -> None:
    assert short_name(type_name) == name


def test_types_that_end_in_one_digest_are_of_as_many_resources() -> None:
    assert {resource_name(f"{name}.7d10434") for name in ("Book", "BookEntity", "Member")} == {"book", "member"}
