import gzip
import zlib

import pytest

from docdouble.contracts.client import content_codings
from docdouble.contracts.client.content_codings import decoded, unreadable_coding

TEXT = b'{"name": "Harbour"}' * 100
RAW = zlib.compressobj(wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        pytest.param(None, TEXT, id="none"),
        pytest.param("identity", TEXT, id="identity"),
        pytest.param("gzip", gzip.compress(TEXT), id="gzip"),
        pytest.param("X-GZip", gzip.compress(TEXT[:10]) + gzip.compress(TEXT[10:]), id="gzip-members"),
        pytest.param("deflate", zlib.compress(TEXT), id="deflate-zlib"),
        pytest.param("deflate", RAW.compress(TEXT) + RAW.flush(), id="deflate-raw"),
        pytest.param("gzip, deflate", zlib.compress(gzip.compress(TEXT)), id="two-codings"),
    ],
)
def test_a_coded_body_is_read_as_it_is_meant(header: str | None, body: bytes) -> None:
    assert decoded(body, header, 100_000) == TEXT
    assert decoded(body, header, 100)[:100] == TEXT[:100]
    assert not unreadable_coding(header)


@pytest.mark.parametrize("header", ["gzip", "deflate", "compress"])
def test_what_is_not_in_its_coding_stays_as_it_came(header: str) -> None:
    assert decoded(TEXT, header, 100_000) == TEXT
    assert decoded(b"", header, 100_000) == b""


def test_br_and_zstd_are_undone_by_their_packages() -> None:
    brotli, zstandard = pytest.importorskip("brotli"), pytest.importorskip("zstandard")
    several = zstandard.compress(TEXT[:10]) + zstandard.compress(TEXT[10:])
    for header, body in (
        ("br", brotli.compress(TEXT)),
        ("zstd", several),
        ("br, gzip", gzip.compress(brotli.compress(TEXT))),
    ):
        assert decoded(body, header, 100_000) == TEXT
        assert decoded(body, header, 100) == TEXT[:100]
    for header, compress in (("br", brotli.compress), ("zstd", zstandard.compress)):
        assert len(decoded(compress(b"\0" * 10_000_000), header, 5_000)) == 5_000
        assert decoded(TEXT, header, 100_000) == TEXT


def test_a_coding_whose_package_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(content_codings, "import_module", missing)
    assert unreadable_coding("gzip, br") == "br"
    assert unreadable_coding("gzip") == ""
    assert decoded(b"coded", "br", 100) == b"coded"
