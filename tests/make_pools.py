"""Draw the pools of the usual locale from Faker anew, and write them where they are shipped.

Run it with ``python tests/make_pools.py`` after a rule needs another provider, or to have those of a newer Faker.
"""

import faker
import orjson

from docdouble.fakeserver.sampler.data.data_source import sources
from docdouble.fakeserver.sampler.data.faker_pools import SHIPPED, USUAL, Pools
from docdouble.fakeserver.sampler.meaning.text_rules import FORMATS, RULES

OF_PEOPLE = (
    *("first_name_male", "first_name_female", "last_name_male", "last_name_female", "prefix_male", "prefix_female"),
    *("company", "street_address", "city", "postcode", "administrative_unit", "coordinates"),
)


def needed() -> list[str]:
    """Return the providers that the rules draw from."""
    named = {*FORMATS.values(), *(rule.source for rule in RULES)}
    plain = {name for name in named if ":" not in name and name not in sources()}
    return sorted({*plain, *OF_PEOPLE} - {"sentence", "title", "word"})


def made() -> bytes:
    """Return the file's content."""
    pools = Pools(USUAL)
    drawn = {name: pools.values(name) for name in needed()}
    return orjson.dumps({"faker": faker.VERSION, "pools": drawn}, option=orjson.OPT_INDENT_2)


if __name__ == "__main__":
    SHIPPED.write_bytes(made())
