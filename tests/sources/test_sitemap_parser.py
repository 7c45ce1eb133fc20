import gzip
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.sources.sitemap_parser import MAX_BYTES, MAX_LINES, Sitemap, SitemapFile, read_sitemap
from narayacrawl.sources.xml import MAX_MARKUP
from tests.growth import grows_in_proportion

SITE = "https://portal.example"
URL = f"{SITE}/post-sitemap.xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="/wp-sitemap.xsl" ?>\n'
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def entry(slug: str = "pasar", more: str = "") -> str:
    return f"<url><loc>{SITE}/{slug}/</loc>{more}</url>"


def urlset(*entries: str, names: str = XMLNS) -> str:
    return f"{DECLARATION}<urlset {names}>{''.join(entries)}</urlset>"


def read(text: str | bytes) -> Sitemap:
    return read_sitemap(text if isinstance(text, bytes) else text.encode(), URL)


def links(text: str | bytes) -> list[str]:
    return [named.url for named in read(text).entries]


def index(*inside: str) -> str:
    files = "".join(f"<sitemap>{file}</sitemap>" for file in inside)
    return f"{DECLARATION}<sitemapindex {XMLNS}>{files}</sitemapindex>"


TWO = urlset(entry("pasar", "<lastmod>2025-12-14T21:35:12+07:00</lastmod>"), entry("muara"))
PASAR_MUARA = [f"{SITE}/pasar/", f"{SITE}/muara/"]


def test_an_index_names_files_in_its_order() -> None:
    told = read(
        index(
            f"<loc>{SITE}/wp-sitemap-posts-post-1.xml</loc>",
            f"<lastmod>2025-12-14T14:35:12+00:00</lastmod><loc>{SITE}/post-sitemap.xml</loc>",
        )
    )
    assert told == Sitemap(
        [
            SitemapFile(f"{SITE}/wp-sitemap-posts-post-1.xml", None),
            SitemapFile(f"{SITE}/post-sitemap.xml", "2025-12-14T14:35:12+00:00"),
        ],
        [],
    )


def test_another_sitemap_names_entries_in_its_order() -> None:
    assert read(TWO) == Sitemap(
        [],
        [DiscoveredArticle(f"{SITE}/pasar/", lastmod="2025-12-14T14:35:12+00:00"), DiscoveredArticle(f"{SITE}/muara/")],
    )


@pytest.mark.parametrize(
    ("loc", "url"),
    [
        (f"\n\t{SITE}/pasar/\n", f"{SITE}/pasar/"),
        (f"<![CDATA[{SITE}/?a=1&b=2]]>", f"{SITE}/?a=1&b=2"),
        (f"\n<![CDATA[ {SITE}/?a=1&amp;b=2 ]]>\n", f"{SITE}/?a=1&b=2"),
        (f"{SITE}/?a=1&#038;copy=2", f"{SITE}/?a=1&copy=2"),
        (f"{SITE}/?a=1&copy=2", f"{SITE}/?a=1&copy=2"),
        ("/pasar/", f"{SITE}/pasar/"),
        ("//portal.example/pasar/", f"{SITE}/pasar/"),
    ],
)
def test_an_address_is_made_absolute(loc: str, url: str) -> None:
    assert links(urlset(f"<url><loc>{loc}</loc></url>")) == [url]


@pytest.mark.parametrize(
    "inside", ["", "<loc/>", "<loc> </loc>", "<loc>mailto:a@b.example</loc>", "<loc>http://[</loc>"]
)
def test_an_entry_without_an_address_is_left_out(inside: str) -> None:
    assert links(urlset(f"<url>{inside}</url>", entry())) == [f"{SITE}/pasar/"]


def test_pictures_are_no_entries() -> None:
    image = f"<image:image><image:loc>{SITE}/a.jpg</image:loc></image:image>"
    names = f'{XMLNS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    assert links(urlset(entry(more=image), names=names)) == [f"{SITE}/pasar/"]


def test_a_news_entry_tells_when_it_was_published() -> None:
    news = (
        "<news:news><news:publication><news:name>Portal</news:name><news:language>id</news:language></news:publication>"
        "<news:publication_date>2025-12-14T21:35:12+07:00</news:publication_date>"
        "<news:title><![CDATA[Pasar </news:news> & Muara]]></news:title></news:news>"
    )
    assert read(urlset(entry(more=news), names=f"{XMLNS} {NEWS}")).entries == [
        DiscoveredArticle(f"{SITE}/pasar/", published="2025-12-14T21:35:12+07:00")
    ]


def test_a_portal_without_permalinks_tells_ids() -> None:
    assert [named.id for named in read(urlset(f"<url><loc>{SITE}/?p=31</loc></url>")).entries] == [31]


def test_prefixed_elements_are_read() -> None:
    prefixed = TWO.replace("xmlns=", "xmlns:sm=").replace("</", "</sm:")
    for name in ("urlset", "url", "loc", "lastmod"):
        prefixed = prefixed.replace(f"<{name}", f"<sm:{name}")
    assert links(prefixed) == PASAR_MUARA


def test_a_plain_text_sitemap_is_read() -> None:
    assert links(f"\ufeff{SITE}/pasar/\r\n\n  {SITE}/?p=31 \n") == [f"{SITE}/pasar/", f"{SITE}/?p=31"]


def test_a_feed_may_be_a_sitemap() -> None:
    assert links(f"<rss><channel><item><link>{SITE}/pasar/</link></item></channel></rss>") == [f"{SITE}/pasar/"]


def test_a_sitemap_may_be_empty() -> None:
    assert read(urlset()) == read(index()) == Sitemap([], [])


BREAK: dict[str, Callable[[str], str | bytes]] = {
    "gzip": lambda text: gzip.compress(text.encode()),
    "gzip cut off": lambda text: gzip.compress(text.encode() + b"<!-- x -->" * 100)[:-9],
    "blank lines before it": lambda text: f"\n\r\n  {text}",
    "byte order mark": lambda text: text.encode("utf-8-sig"),
    "PHP warning": lambda text: (
        f"<br />\n<b>Warning</b>: headers sent in <b>/srv/x.php</b> on line <b>3</b><br />\n{text}"
    ),
    "control characters": lambda text: text.replace("<url>", "\x0b<url>\x00").replace("<loc>", "<loc>\x08"),
    "bare ampersands": lambda text: text.replace("<url>", "<url><title>A & B &nbsp; &x; &#0;</title>"),
    "Latin-1 that says UTF-8": lambda text: text.replace("<url>", "<url><title>Café</title>").encode("latin-1"),
    "UTF-8 that says UTF-16": lambda text: text.replace("UTF-8", "UTF-16"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without mark": lambda text: text.encode("utf-16-le"),
    "text behind it": lambda text: f"{text}\n<!-- cached -->\n<script>x</script>",
    "no namespace": lambda text: text.replace(XMLNS, ""),
    "no end": lambda text: text.removesuffix("</urlset>"),
    "comment": lambda text: text.replace("<loc>", "<!-- a --><loc><!-- b -->"),
}


@pytest.mark.parametrize("broken", BREAK.values(), ids=BREAK.keys())
def test_a_broken_sitemap_is_read(broken: Callable[[str], str | bytes]) -> None:
    assert links(broken(TWO)) == PASAR_MUARA


@pytest.mark.parametrize("cut", ["</url>", "</loc>", "uara/"])
def test_an_address_that_is_cut_off_is_left_out(cut: str) -> None:
    assert links(TWO[: TWO.rindex(cut)]) == [f"{SITE}/pasar/"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n \n",
        b"<!DOCTYPE html><html><body><urlset></urlset></body></html>",
        b"<html><head></head></html>",
        b'{"code": "rest_no_route", "data": "<urlset></urlset>"}',
        b"User-agent: *\nDisallow: /wp-admin/\n",
        b"https://portal.example/pasar/\nJust a moment...\n",
        b"\x1f\x8b\x08",
        gzip.compress(b"<urlset></urlset>", mtime=0)[:12],
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\xff" * 40,
        gzip.compress(b"<html></html>", mtime=0),
    ],
)
def test_what_is_no_sitemap_is_said_in_one_line(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^no sitemap: .+$"):
        read_sitemap(body, URL)


@pytest.mark.parametrize("packed", [gzip.compress, bytes], ids=["gzip", "plain"])
def test_what_is_larger_than_a_sitemap_may_be_is_refused(packed: Callable[[bytes], bytes]) -> None:
    body = packed(b" " * (MAX_BYTES + 1))
    with pytest.raises(ValueError, match=rf"^no sitemap: more than {MAX_BYTES} bytes$"):
        read_sitemap(body, URL)


def test_a_sitemap_that_would_fill_the_memory_is_refused() -> None:
    bomb = gzip.compress(b"<urlset>" + b"<a/>" * MAX_MARKUP + b"</url>")
    assert len(bomb) < 100_000
    with pytest.raises(ValueError, match=r"^too much markup: .+$"):
        read_sitemap(bomb, URL)


def test_entities_are_never_resolved(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "a.txt"
    secret.write_text("rahasia")
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(20))
    doctype = f'<!DOCTYPE urlset [<!ENTITY a0 "ha">{laughs}<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
    assert links(TWO.replace("<urlset", f"{doctype}<urlset").replace("/pasar/", "/&a20;-&f;/")) == [
        f"{SITE}/&a20;-&f;/",
        f"{SITE}/muara/",
    ]


@pytest.mark.parametrize(
    "hostile", ["<![CDATA[", "<url>", "<loc>", "&", "<urlset ", "</url ", "<a:b:c", "</news ", "\n"]
)
def test_time_stays_in_proportion_to_size(hostile: str) -> None:
    def sitemap(size: int) -> str:
        return f"<urlset >{hostile * (size // len(hostile))}</url>"

    assert grows_in_proportion(sitemap, read, 200_000)


@pytest.mark.parametrize(
    "body",
    [b"<urlset><url><loc>" + b"&" * MAX_MARKUP + b"</loc></url></urlset>", b"https://a.example/\n" * (MAX_LINES + 1)],
    ids=["ampersands", "lines"],
)
def test_what_would_fill_the_memory_is_no_sitemap(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"too much markup|more than"):
        read_sitemap(body, URL)


@pytest.mark.slow
def test_fifty_thousand_entries_cost_little_memory() -> None:
    code = f"""
from pathlib import Path
from narayacrawl.sources.sitemap_parser import read_sitemap
more = "<lastmod>2025-12-14T14:35:12+00:00</lastmod><image:image><image:loc>{SITE}/a.jpg</image:loc></image:image>"
body = "".join(f"<url><loc>{SITE}/ekonomi/{{'x' * 80}}-{{n}}/</loc>{{more}}</url>" for n in range(50_000))
body = f"<urlset>{{body}}</urlset>".encode()

def most():  # getrusage begins with that of the process before
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

before = most()
assert len(read_sitemap(body, "{URL}").entries) == 50_000
print((most() - before) * 1024 / len(body))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 8, "times its size"


@given(st.binary() | st.binary().map(lambda body: b"<urlset>" + body + b"</url></urlset>"))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with suppress(ValueError):
        read_sitemap(body, URL)


@given(st.binary())
def test_no_compressed_bytes_raise_anything_else(body: bytes) -> None:
    for compressed in (gzip.compress(body), gzip.compress(body)[:-12], b"\x1f\x8b\x08" + body):
        with suppress(ValueError):
            read_sitemap(compressed, URL)


PARTS = [
    *(
        "<url>",
        "</url>",
        "<sitemap>",
        "</sitemap>",
        "<loc>",
        "</loc>",
        "<lastmod>",
        "</lastmod>",
        "<link href='",
        "'/>",
    ),
    *("<![CDATA[", "]]>", "&#xD800;", "&amp;", "&", "http://[", "https://a.example/?p=", "١", "<news:news>", "<!--"),
    *("<publication_date>", "</publication_date>", "2025-12-14", "99:99:99 GMT", "<?php ", "?>", "</news:news>", "<?"),
]


@example(["<url>", "<loc>", "&#xD800;", "</url>"], "urlset")
@given(st.lists(st.sampled_from(PARTS)), st.sampled_from(["urlset", "sitemapindex", "x:urlset"]))
def test_no_arrangement_raises(parts: list[str], root: str) -> None:
    read(f"<{root} >{''.join(parts)}")


def test_note_between_the_addresses_of_a_text_sitemap_is_passed_over() -> None:
    body = f"{SITE}/daerah/pasar/\n# dibuat setiap jam\n\n  {SITE}/daerah/kapal/  \n".encode()
    assert [entry.url for entry in read_sitemap(body, URL).entries] == [
        f"{SITE}/daerah/pasar/",
        f"{SITE}/daerah/kapal/",
    ]


def test_text_with_an_address_or_two_is_no_sitemap() -> None:
    body = f"Situs sedang dirawat.\nKembali pukul sembilan.\n{SITE}/kontak/\n".encode()
    with pytest.raises(ValueError, match="no sitemap"):
        read_sitemap(body, URL)
