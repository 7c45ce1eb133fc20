import gzip
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.sources.feed_parser import read_feed
from narayacrawl.sources.xml import MAX_MARKUP
from tests.growth import grows_in_proportion

SITE = "https://portal.example"
URL = f"{SITE}/feed/"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def item(slug: str = "pasar", more: str = "") -> str:
    return f"<item><title>Pasar</title><link>{SITE}/{slug}/</link>{more}</item>"


def rss(*items: str, attributes: str = 'version="2.0"') -> str:
    channel = f"<channel><title>Portal</title><link>{SITE}</link>{''.join(items)}</channel>"
    return f"{DECLARATION}<rss {attributes}>\n{channel}</rss>"


def atom(inside: str, base: str = "") -> str:
    return f'{DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom" {base}><entry>{inside}</entry></feed>'


def links(feed: str | bytes) -> list[str]:
    return [named.url for named in read_feed(feed if isinstance(feed, bytes) else feed.encode(), URL)]


def first(feed: str) -> DiscoveredArticle:
    return read_feed(feed.encode(), URL)[0]


RSS = rss(
    item("pasar", f'<pubDate>Sun, 14 Dec 2025 14:35:12 +0000</pubDate><guid isPermaLink="false">{SITE}/?p=31</guid>'),
    item("muara", f'<guid isPermaLink="false">{SITE}/?post_type=berita&#038;p=30</guid>'),
)
RDF = (
    f'{DECLARATION}<rdf:RDF xmlns="http://purl.org/rss/1.0/" {DC} '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<channel rdf:about="{SITE}"><link>{SITE}</link><items><rdf:Seq><rdf:li rdf:resource="{SITE}/pasar/"/></rdf:Seq>'
    f'</items></channel><item rdf:about="{SITE}/?p=31"><link>{SITE}/pasar/</link>'
    "<dc:date>2025-12-14T14:35:12Z\t</dc:date></item></rdf:RDF>"
)
ATOM = atom(
    f'<link rel="replies" type="text/html" href="{SITE}/pasar/#comments"/>'
    f'<link rel="alternate" type="text/html" href="{SITE}/pasar/"/><id>{SITE}/?p=31</id>'
    "<updated>2025-12-15T08:00:00+07:00</updated><published>2025-12-14T14:35:12Z</published>"
    f'<content type="html" xml:base="{SITE}/lain/"><![CDATA[<p><a href="/x/">x</a></p>]]></content>'
)
PUBLISHED = "2025-12-14T14:35:12+00:00"


@pytest.mark.parametrize(
    ("feed", "named"),
    {
        "RSS 2.0": (RSS, DiscoveredArticle(f"{SITE}/pasar/", 31, PUBLISHED)),
        "RSS 1.0": (RDF, DiscoveredArticle(f"{SITE}/pasar/", None, PUBLISHED)),
        "RSS 0.92": (rss(item(), attributes='version="0.92"'), DiscoveredArticle(f"{SITE}/pasar/")),
        "Atom": (ATOM, DiscoveredArticle(f"{SITE}/pasar/", 31, PUBLISHED, "2025-12-15T01:00:00+00:00")),
    }.values(),
)
def test_every_form_names_its_articles(feed: str, named: DiscoveredArticle) -> None:
    assert first(feed) == named


def test_articles_keep_the_feeds_order() -> None:
    assert links(RSS) == [f"{SITE}/pasar/", f"{SITE}/muara/"]


def test_the_id_of_another_post_type_is_read() -> None:
    assert read_feed(RSS.encode(), URL)[1].id == 30


def test_the_offset_of_a_published_date_is_kept() -> None:
    feed = rss(item(more="<dc:date>2025-12-14T21:35:12+07:00</dc:date>"), attributes=DC)
    assert first(feed).published == "2025-12-14T21:35:12+07:00"


def test_rss_tells_no_change() -> None:
    feed = rss(item(more="<atom:updated>2025-12-14T14:35:12Z</atom:updated>"), attributes='xmlns:atom="x"')
    assert first(feed).lastmod is None


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("<guid>https://www.portal.example/?p=31</guid>", 31),
        (f"<guid><![CDATA[{SITE}/?post_type=berita&#038;p=31]]></guid>", 31),
        ("<guid>https://lama.example/?p=31</guid>", None),
        (f"<guid>{SITE}/?page_id=31</guid>", None),
        (f"<guid>{SITE}/?p=99999999999999999999</guid>", None),
        ("<guid>tag:portal.example,2025:31</guid>", None),
        ('<post-id xmlns="com-wordpress:feed-additions:1">31</post-id>', 31),
    ],
)
def test_the_id_is_that_of_the_sites_own_guid(more: str, told: int | None) -> None:
    assert first(rss(item(more=more))).id == told


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>/pasar/</link>", f"{SITE}/pasar/"),
        (f"<link>\n\t{SITE}/pasar/\n</link>", f"{SITE}/pasar/"),
        (f"<link><![CDATA[{SITE}/?a=1&b=2]]></link>", f"{SITE}/?a=1&b=2"),
        (f"<link><![CDATA[{SITE}/?a=1&amp;b=2]]></link>", f"{SITE}/?a=1&b=2"),
        (f"<link>{SITE}/?p=31&#038;copy=2</link>", f"{SITE}/?p=31&copy=2"),
        (f"<link>{SITE}/?a=1&copy=2</link>", f"{SITE}/?a=1&copy=2"),
        (f'<atom:link href="{SITE}/lain/"/><link>{SITE}/pasar/</link>', f"{SITE}/pasar/"),
        (f"<link>{SITE}/~r/x/</link><feedburner:origLink>{SITE}/pasar/</feedburner:origLink>", f"{SITE}/pasar/"),
        (f"<guid>{SITE}/pasar/</guid>", f"{SITE}/pasar/"),
    ],
)
def test_the_link_is_found(inside: str, url: str) -> None:
    names = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    assert links(rss(f"<item>{inside}</item>", attributes=names)) == [url]


def test_the_prefixes_need_not_be_declared() -> None:
    inside = f"<link>{SITE}/~r/x/</link><feedburner:origLink>{SITE}/pasar/</feedburner:origLink>"
    assert links(rss(f"<item>{inside}<dc:date>2025-12-14</dc:date></item>")) == [f"{SITE}/pasar/"]


def test_an_atom_link_is_relative_to_its_feeds_base() -> None:
    assert links(atom('<link href="pasar/"/>', base='xml:base="/berita/"')) == [f"{SITE}/berita/pasar/"]


def test_an_atom_link_is_relative_to_its_entrys_base() -> None:
    feed = atom('<link href="pasar/"/>', base='xml:base="/berita/"').replace("<entry>", '<entry xml:base="daerah/">')
    assert links(feed) == [f"{SITE}/berita/daerah/pasar/"]


def test_a_base_that_would_swell_every_address_is_not_believed() -> None:
    assert links(atom('<link href="/pasar/"/><id>x</id>', base=f'xml:base="/{"x" * 3_000}/"')) == [f"{SITE}/pasar/"]
    assert links(atom('<link href="pasar/"/>', base=f'xml:base="/{"x" * 3_000}/"')) == [f"{URL}pasar/"]


def test_the_page_is_preferred_to_its_other_forms() -> None:
    inside = f'<link href="{SITE}/a.json" type="application/json"/><link href="{SITE}/pasar/" type="text/html"/>'
    assert links(atom(inside)) == [f"{SITE}/pasar/"]


@pytest.mark.parametrize(
    "inside",
    [
        "<title>Tanpa tautan</title>",
        "<link>mailto:redaksi@portal.example</link>",
        "<link>http://[</link>",
        "<link/>",
        f'<guid isPermaLink="false">{SITE}/?p=31</guid>',
        f"<link>{SITE}/pasar/#comment-7</link>",
    ],
)
def test_what_is_no_article_is_left_out(inside: str) -> None:
    assert links(rss(f"<item>{inside}</item>", item("muara"))) == [f"{SITE}/muara/"]


def test_a_feed_may_be_empty() -> None:
    assert links(rss()) == []


BREAK: dict[str, Callable[[str], str | bytes]] = {
    "blank lines before it": lambda feed: f"\n\r\n  {feed}",
    "byte order mark": lambda feed: feed.encode("utf-8-sig"),
    "blank line before the mark": lambda feed: b"\n" + feed.encode("utf-8-sig"),
    "PHP warning": lambda feed: f"<br />\n<b>Warning</b>:  Undefined key in <b>/srv/x.php</b> on line <b>3</b>\n{feed}",
    "PHP warning within": lambda feed: feed.replace("<channel>", "<channel><br />\n<b>Notice</b>: x <br>\n"),
    "control characters": lambda feed: feed.replace("Pasar", "Pa\x00s\x0bar\x1f"),
    "references to them": lambda feed: feed.replace("Pasar", "Pa&#0;s&#x1f;ar&#xFFFF;&#x110000;&#99999999;"),
    "bare ampersands": lambda feed: feed.replace("Pasar", "Pasar & Muara &; AT&T"),
    "HTML's entities": lambda feed: feed.replace("Pasar", "Pasar&nbsp;&ndash;&hellip;"),
    "bare less-than sign": lambda feed: feed.replace("Pasar", "Harga < 5"),
    "Latin-1 that says UTF-8": lambda feed: feed.replace("Pasar", "Café").encode("latin-1"),
    "UTF-8 that says Latin-1": lambda feed: feed.replace("UTF-8", "ISO-8859-1").replace("Pasar", "“Pasar”"),
    "Latin-1": lambda feed: feed.replace("UTF-8", "ISO-8859-1").replace("Pasar", "Café").encode("latin-1"),
    "unknown encoding": lambda feed: feed.replace("UTF-8", "windows-0").replace("Pasar", "Café").encode("latin-1"),
    "UTF-16": lambda feed: feed.encode("utf-16"),
    "UTF-16 without mark": lambda feed: feed.encode("utf-16-be"),
    "text behind it": lambda feed: f"{feed}<!-- cached --><script>x</script>",
    "HTML in it": lambda feed: feed.replace("Pasar", "<![CDATA[<html> & </item> ]]>"),
    "no end": lambda feed: feed.removesuffix("</channel></rss>"),
    "document type": lambda feed: feed.replace("<rss", '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><rss'),
}


@pytest.mark.parametrize("broken", BREAK.values(), ids=BREAK.keys())
def test_a_broken_feed_is_read(broken: Callable[[str], str | bytes]) -> None:
    assert links(broken(RSS)) == [f"{SITE}/pasar/", f"{SITE}/muara/"]


@pytest.mark.parametrize("cut", ["</link>", "/muara/", "ara/</link>", f"{SITE}/muara/"])
def test_an_address_that_is_cut_off_is_left_out(cut: str) -> None:
    assert links(RSS[: RSS.rindex(cut)]) == [f"{SITE}/pasar/"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\x00\x00",
        b"<!DOCTYPE html><html><body><rss version='2.0'></rss></body></html>",
        b"<html\n><feed></feed></html>",
        b'{"code": "rest_no_route", "data": "<rss version=\'2.0\'></rss>"}',
        b'[{"content": "<rss >"}]',
        b"<urlset></urlset>",
        b"Just a moment...",
        gzip.compress(RSS.encode()),
    ],
)
def test_what_is_no_feed_is_said_in_one_line(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^no feed: .+$"):
        read_feed(body, URL)


def test_entities_are_never_resolved(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "a.txt"
    secret.write_text("rahasia")
    doctype = f'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "{secret.as_uri()}">]>'
    feed = rss(item("&b;-&c;")).replace("<rss", f"{doctype}<rss")
    assert links(feed) == [f"{SITE}/&b;-&c;/"]


@pytest.mark.parametrize("hostile", ["<![CDATA[", "<item>", "&", "<rss ", "</item ", "<a:b:c", "<?xml encoding='"])
def test_time_stays_in_proportion_to_size(hostile: str) -> None:
    def feed(size: int) -> bytes:
        return f"<rss >{hostile * (size // len(hostile))}</item>".encode()

    assert grows_in_proportion(feed, lambda body: read_feed(body, URL), 200_000)


def test_a_feed_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^too much markup: .+$"):
        read_feed(b"<rss>" + b"<a/>" * MAX_MARKUP + b"</item>", URL)


@given(st.binary() | st.binary().map(lambda body: b"<rss>" + body + b"</item></rss>"))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with suppress(ValueError):
        read_feed(body, URL)


PARTS = [
    *("<item>", "</item>", "<entry>", "</entry>", "<link>", "</link>", "<link href='", "'/>", "<guid>", "</guid>"),
    *("<![CDATA[", "]]>", "&#xD800;", "&amp;", "&", "http://[", "https://a.example/?p=", "١", "<feed>", "\0"),
    *("<dc:date>", "2025-12-14", "</dc:date>", "<pubDate>", "99:99:99 GMT", "</pubDate>", "<updated>", "</updated>"),
    "xml:base='http://[' ",
]


@given(st.lists(st.sampled_from(PARTS)))
def test_no_arrangement_raises(parts: list[str]) -> None:
    read_feed(f"<rss >{''.join(parts)}".encode(), URL)


@pytest.mark.parametrize("rdf", ["rdf", "r"])
def test_feed_whose_own_elements_have_a_prefix_is_read(rdf: str) -> None:
    body = f"""<{rdf}:RDF xmlns:{rdf}="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:lama="http://purl.org/rss/1.0/">
    <lama:item><lama:title>Kapal</lama:title><lama:link>{SITE}/kapal/</lama:link></lama:item></{rdf}:RDF>""".encode()
    assert read_feed(body, URL) == [DiscoveredArticle(f"{SITE}/kapal/")]


def test_break_that_closes_nowhere_costs_no_entry() -> None:
    items = "".join(f"<item><description>Pagi<br>siang</description><link>{SITE}/{n}/</link></item>" for n in range(3))
    assert len(read_feed(f"<rss><channel>{items}</channel></rss>".encode(), URL)) == 3


def test_date_behind_html_that_closes_nowhere_is_read() -> None:
    date = "<pubDate>Mon, 20 Oct 2025 01:00:00 +0000</pubDate>"
    items = "".join(f"<item><link>{SITE}/{n}/</link><description>Satu<br>dua</description>{date}</item>" for n in "ab")
    articles = read_feed(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), f"{SITE}/feed/")
    assert [article.published for article in articles] == ["2025-10-20T01:00:00+00:00"] * 2


def test_a_feed_of_more_entries_than_any_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a feed of more than 50000 entries$"):
        read_feed(rss("<item></item>" * 50_001).encode(), URL)
