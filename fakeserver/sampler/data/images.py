"""Images that the fake shows itself: where they are in made-up data."""

ELSEWHERE = "https://images.example.com/"
"""Where images are in values that no answer of the fake holds, such as those that are sent to a server."""

IMAGES = "https://images.docdouble.invalid/"
"""Where images are until an answer is sent, which names the host of its call: a name that nobody has (RFC 6761)."""
