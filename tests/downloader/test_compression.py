"""Compressed bodies: whole ones only, and no larger than a page may be."""

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from narayacrawl.downloader.answer_parser import BadAnswer
from narayacrawl.downloader.compression import CompressionMiddleware
from narayacrawl.downloader.decoders import MAX_GZIP_MEMBERS

TEXT = "".join(f"<p>Perahu nomor {number} bersandar.</p>" for number in range(2_000)).encode()
MAX_SIZE = 1_000_000


def raw_deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(text) + packer.flush()


def zstd_with_checksum(text: bytes) -> bytes:
    return zstd.compress(text, options={zstd.CompressionParameter.checksum_flag: 1})


CODECS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "gzip in two members": ("gzip", lambda text: gzip.compress(text[:99]) + gzip.compress(text[99:])),
    "deflate": ("deflate", zlib.compress),
    "deflate without a header": ("deflate", raw_deflate),
    "Brotli": ("br", brotli.compress),
    "Zstandard": ("zstd", zstd_with_checksum),
}
codecs = pytest.mark.parametrize(("encoding", "pack"), CODECS.values(), ids=CODECS)


@cache
def middleware() -> CompressionMiddleware:
    return CompressionMiddleware.from_crawler(get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": MAX_SIZE}))


def answered(body: bytes, encoding: str, status: int = 200) -> Response:
    """What comes of an answer with this body."""
    url = "https://kabar.example/"
    headers = {"Content-Encoding": encoding, "Content-Type": "text/html"}
    answer = middleware().process_response(Request(url), Response(url, status=status, headers=headers, body=body))
    assert isinstance(answer, Response)
    return answer


@codecs
def test_a_whole_body_is_read(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    answer = answered(pack(TEXT), encoding)
    assert (type(answer), answer.body) == (HtmlResponse, TEXT)
    assert "Content-Encoding" not in answer.headers


@codecs
@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_truncated_body_fails(encoding: str, pack: Callable[[bytes], bytes], kept: float) -> None:
    body = pack(TEXT)
    with pytest.raises(BadAnswer, match="not whole"):
        answered(body[: int(len(body) * kept)], encoding)


@codecs
def test_a_body_of_another_kind_fails(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadAnswer, match="corrupt"):
        answered(b"<html>" + TEXT, encoding)


@pytest.mark.parametrize(("encoding", "pack", "place"), [
    ("gzip", gzip.compress, -6), ("deflate", zlib.compress, -2), ("zstd", zstd_with_checksum, -2),
])  # fmt: skip
def test_a_wrong_checksum_fails(encoding: str, pack: Callable[[bytes], bytes], place: int) -> None:
    body = bytearray(pack(TEXT))
    body[place] ^= 0xFF
    with pytest.raises(BadAnswer, match="corrupt"):
        answered(bytes(body), encoding)


@codecs
def test_a_bomb_is_unpacked_no_further_than_a_page_is_long(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadAnswer, match="more than 1000000 bytes") as bad:
        answered(pack(b"0" * 5_000_000), encoding)
    assert bad.value.reason == "size"


def test_what_stands_behind_a_gzip_body_is_passed_over() -> None:
    assert answered(gzip.compress(TEXT) + b"\0" * 512, "gzip").body == TEXT


def test_a_body_compressed_twice_is_read() -> None:
    assert answered(gzip.compress(brotli.compress(TEXT)), "br, gzip").body == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_an_empty_body_is_empty(encoding: str) -> None:
    assert answered(b"", encoding).body == b""


def test_a_body_compressed_again_and_again_fails() -> None:
    with pytest.raises(BadAnswer):
        answered(b"", ", ".join(["gzip"] * 4))


def test_a_body_of_endless_members_fails() -> None:
    with pytest.raises(BadAnswer):
        answered(gzip.compress(b"") * (MAX_GZIP_MEMBERS + 1), "gzip")


def test_the_status_of_a_page_that_is_gone_is_told_whatever_its_body_is() -> None:
    answer = answered(gzip.compress(TEXT)[:-9], "gzip", status=404)
    assert (answer.status, answer.body) == (404, b"")


@pytest.mark.parametrize("encoding", ["identity", "UTF-8", "\xff"])
def test_a_body_of_no_known_encoding_is_taken_as_it_is(encoding: str) -> None:
    assert answered(TEXT, encoding).body == TEXT


@given(st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]), st.binary(), st.integers(0, 60))
def test_no_body_raises_anything_else(encoding: str, body: bytes, kept: int) -> None:
    for sent in (body, gzip.compress(body)[:kept], zlib.compress(body)[:kept], zstd.compress(body)[:kept]):
        with suppress(BadAnswer):
            assert len(answered(sent, encoding).body) <= MAX_SIZE
