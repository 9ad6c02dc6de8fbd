"""Bounds of the values that are made: what asks for more is refused before anything is built."""

MOST_VALUES = 100_000
"""A value with more parts, texts, numbers and so on, is not made."""

LARGE = 5_000
"""A value that would have more parts ends some named types sooner, where it may."""

MOST_CHARACTERS = 1_000_000
"""A longer text is not made."""

CHARACTERS_PER_VALUE = 64
"""So many characters of a text weigh as much as another value."""

MOST_PROPERTIES = 10_000
"""Objects that need more properties are not made; of those that may be left out the first are drawn."""

MOST_PLACES = 10_000
"""Arrays whose first items have schemas of their own are made for so many."""

MOST_TESTED = 20_000
"""Draws that are tested for one value, with all that is tested of its parts; after so many it has none."""

VALUES_PER_TEST = 5
"""So many parts of a drawn value weigh as much as another draw."""

MOST_NARROWED = 120
"""Narrower schemas of the alternatives of one ``oneOf`` that are tried."""

DRAWS_PER_NARROWED = 50
"""A narrower schema that is tried weighs as much as so many draws: its parts have alternatives of their own."""

MOST_PIECES = 5_000
"""Pieces of which a text for a pattern is made; what asks for more has no text."""

MOST_NAMES = 2_000
"""Names of properties that are tried for those of a dictionary, beside eight for each that is wanted."""

MOST_REPEATS = 20_000
"""Items in a row that repeat others of a set; after so many there is no further one."""
