"""Words of names."""

import pytest

from docdouble.schemas.words import singular


@pytest.mark.parametrize(
    ("name", "single"),
    [
        ("Categories", "Category"),
        ("boats", "boat"),
        ("taxes", "tax"),
        ("ShippingClasses", "ShippingClass"),
        ("addresses", "address"),
        ("address", "address"),
        ("branches", "branch"),
        ("caches", "cache"),
        ("statuses", "status"),
        ("status", "status"),
        ("analysis", "analysis"),
        ("apis", "api"),
        ("cpus", "cpu"),
    ],
)
def test_the_singular_of_a_name(name: str, single: str) -> None:
    assert singular(name) == single
