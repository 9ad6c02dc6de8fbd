"""Images that the fake shows itself: where they are in made-up data."""

ELSEWHERE = "https://images.example.com/"
"""Base URL of images in values that no answer of the fake holds, such as those that are sent to a server."""

IMAGES = "https://images.docdouble.invalid/"
"""Base URL of images until an answer is sent, which names the host of its call: a name that nobody has (RFC 6761)."""
