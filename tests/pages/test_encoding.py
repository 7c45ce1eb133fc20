"""A page is decoded as what it is, whatever it declares, by `extract` and in a crawl alike."""

import pytest
from scrapy.http import HtmlResponse

from narayacrawl import extract
from narayacrawl.pages.encoding import decode_html
from narayacrawl.pages.html_parser import PageRefused, parse_html
from narayacrawl.urls import site
from tests.pages.test_bounds import TITLE, URL

TEXT = "“Harga naik” – kata Ny. Séré, pada 31°C. ‘Ya’ – “tidak”, katanya."
CHINESE = "印尼商报报道，雅加达今天的价格上涨。"


def page(text: str, declared: str) -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}<title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{text}</p></body></html>"


CASES = [
    # text, its encoding, what the page declares, what the header does
    (TEXT, "utf-8", "", ""),
    (TEXT, "utf-8", "utf-8", "utf-8"),
    (TEXT, "utf-8", "windows-1252", ""),
    (TEXT, "utf-8", "", "iso-8859-1"),
    (TEXT, "utf-8", "utf-16", "iso-8859-1"),
    (TEXT, "utf-8-sig", "", "iso-8859-1"),
    (TEXT, "cp1252", "windows-1252", ""),
    (TEXT, "cp1252", "iso-8859-1", ""),
    (TEXT, "cp1252", "", ""),
    (TEXT, "cp1252", "utf-8", ""),
    (TEXT, "cp1252", "", "utf-8"),
    (TEXT, "cp1252", "utf-8", "utf-8"),
    (TEXT, "cp1252", "no-such-encoding", "utf-8"),
    (TEXT, "utf-16", "", ""),
    (TEXT, "utf-16-le", "", "utf-16"),
    (TEXT, "utf-16-le", "utf-8", "utf-8"),
    (TEXT, "utf-16-be", "", "utf-8"),
    (CHINESE, "gb18030", "gbk", ""),
    (CHINESE, "gb18030", "gb2312", "utf-8"),
    (CHINESE, "gb18030", "utf-8", "utf-8"),
    ("Harga naik", "ascii", "utf-16", "iso-2022-jp"),
]


@pytest.mark.parametrize(("text", "encoding", "declared", "header"), CASES)
def test_a_page_is_decoded_as_what_it_is(text: str, encoding: str, declared: str, header: str) -> None:
    html = page(text, declared)
    content_type = f"text/html; charset={header}" if header else "text/html"
    assert decode_html(html.encode(encoding), content_type) == html


def test_damage_to_a_page_leaves_its_encoding() -> None:
    body = page(TEXT, "iso-8859-1").encode()
    damaged = page(TEXT, "iso-8859-1").replace("Harga", "\ufffd\ufffdarga")
    assert decode_html(body.replace(b"Harga", b"\xff\xe9arga")) == damaged
    assert decode_html(body + "–".encode()[:-1]).startswith(page(TEXT, "iso-8859-1"))


def test_extract_decodes_bytes_so() -> None:
    assert extract(page(TEXT, "utf-8").encode("cp1252"), URL).body == TEXT
    assert extract(page(TEXT, "utf-8").encode("cp1252"), URL, encoding="cp1252").body == TEXT


def test_a_crawl_decodes_its_answers_so() -> None:
    from narayacrawl.ledger.portal_timezone import PortalTimezone
    from narayacrawl.sources.portal import Portal

    headers = {"Content-Type": "text/html; charset=iso-8859-1"}
    answer = HtmlResponse(URL, headers=headers, body=page(TEXT, "iso-8859-1").encode())
    for own_site in (URL, "https://asli.example/"):  # a mirror's pages are parsed in another way
        portal = Portal(site(URL), URL, [URL], [own_site], PortalTimezone("Asia/Jakarta"))
        assert portal.read_article(answer).body.blocks[0].text == TEXT
        with pytest.raises(PageRefused):
            portal.read_article(answer.replace(body=b"<p>a" * 1_000_000))


def test_nul_characters_are_left_out() -> None:
    assert parse_html("<p>Per\0ahu\0</p>").xpath("string(//p)").get() == "Perahu"
