"""Codecs of bodies by media type."""

import re

from docdouble.schemas.contract.media_types import is_sequence
from docdouble.schemas.http import FORM, is_json
from docdouble.schemas.http import media_type as bare

from . import form_codec, json_codec, multipart_codec, sequence_codec, xml_codec, yaml_codec
from .binary_codec import BINARY, TEXT, VENDOR
from .codec import BodyError, Codec, Content, body_content, is_text
from .multipart_codec import TextFile

__all__ = ["BINARY", "TEXT", "BodyError", "Codec", "Content", "TextFile", "body_content", "codec_of", "is_text"]


_YAML = re.compile(r"(application|text)/(vnd\.|x-)?yaml|.+\+yaml")
_NO_JSON = re.compile(r"avro|cbor|msgpack|protobuf|thrift")


def codec_of(media_type: str) -> Codec:
    """Return how bodies of a media type are read and written: octets where nothing else is known of it."""
    if media_type == "application/json":  # what nearly all calls and answers are
        return json_codec.CODEC
    media_type = bare(media_type)
    if is_json(media_type):
        return json_codec.CODEC
    if media_type in ("application/xml", "text/xml") or media_type.endswith("+xml"):
        return xml_codec.CODEC
    if media_type == FORM:
        return form_codec.CODEC
    if media_type.startswith("multipart/"):
        return multipart_codec.CODEC
    if is_sequence(media_type):
        return sequence_codec.codec_of_sequence(media_type)
    if _YAML.fullmatch(media_type):
        return yaml_codec.CODEC
    if media_type.startswith("application/vnd.") and not _NO_JSON.search(media_type):
        return VENDOR
    return TEXT if media_type.startswith("text/") else BINARY
