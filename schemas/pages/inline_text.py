"""Inline Markdown as plain text: marks, links and tags left out."""

import re
from functools import lru_cache

_LINK = re.compile(
    r"!?\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)|(?<!\w)\[(?P<reference>[^\[\]]+)\]\[[^\[\]]*\](?!\w)"
)
_HTML_TAGS = re.compile(
    r"</?(?:a|abbr|b|br|code|del|div|em|i|img|kbd|li|mark|ol|p|small|span|strong|sub|sup|u|ul|var|td|th|tr|table|nobr|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_SHORTCODES = re.compile(r"\{\{[<%][^{}\n]{0,200}[>%]\}\}\s*")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.{1,500}?)(?<=\S)\1(?![\w*])", re.DOTALL)
_NUMBERING = re.compile(r"\A(?:\d+\.)*\d+\.?\s+|\A[a-z]\)\s+", re.IGNORECASE)


def without_links(text: str) -> str:
    """Return a text with each link as its own text."""
    return _LINK.sub(lambda match: match["text"] if match["text"] is not None else match["reference"], text)


def without_tags(text: str) -> str:
    """Return a text without tags of HTML; ``<id>`` and the like are none."""
    return _HTML_TAGS.sub(lambda match: " " if match[0].lower().startswith(("<br", "<li", "<p")) else "", text)


@lru_cache(maxsize=4096)
def plain_text(text: str) -> str:
    """Return a text without marks of emphasis and code, links and tags."""
    bare = _SHORTCODES.sub("", without_tags(without_links(text)))
    return _EMPHASIS.sub(r"\2", bare).replace("`", "").replace("\\_", "_").replace("\\*", "*").strip()


def heading_words(text: str) -> str:
    """Return a heading as what it is compared by: lower case, without numbering, marks and what stands in brackets."""
    bare = re.sub(r"\s*\([^()]*\)|\s*\{[^{}]*\}", "", _NUMBERING.sub("", plain_text(text)))
    return re.sub(r"\s+", " ", bare).strip(" :.#*-\u2013—").lower()
