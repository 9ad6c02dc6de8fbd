"""Images that the fake shows itself: where they are in made-up data."""

IMAGES = "https://images.docdouble.invalid/"
"""Where images are until an answer is sent, which names the host of its call: a name that nobody has (RFC 6761)."""
