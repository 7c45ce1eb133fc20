"""The table of what a portal is spoiled with, and what a crawl of it is to give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.hostile.room import Room
from tests.hostile.spoils import (
    FEED,
    HTML_HEAD,
    ONE,
    POSTS,
    ROBOTS,
    SITEMAP,
    answered,
    bomb,
    calendar,
    compressed,
    cut,
    edited,
    entities,
    every_page,
    everywhere,
    external,
    headers,
    index_of,
    inserted,
    json_of,
    linked,
    login,
    more_headers,
    more_posts,
    of_another,
    page,
    post,
    redirect,
    redirects_on,
    sent,
    without_text,
    wrapped,
    xml_of,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One way of spoiling a portal."""

    spoil: Callable[[Room], None]
    missing: tuple[int, ...] = ()
    """Articles that may be missing."""
    status: int = 0
    stats: Mapping[str, int] = field(default_factory=dict)
    """What must be counted."""
    crawled_before: bool = False
    """True if the archive has all articles when the portal is spoiled."""
    arguments: tuple[str, ...] = ()
    heals: bool = False
    """True if the next run after a repair must have everything."""


FAILED, NOT_BELIEVED, GONE = ({f"article/{name}": 1} for name in ("failed", "disbelieved", "gone"))


def lost(spoil: Callable[[Room], None], **values: Any) -> Case:
    """One article fails for a while."""
    return Case(spoil, missing=(ONE,), heals=True, **values)


DIGITS = "9" * 5_000
TEASER = "<p>Warga menunggu di dermaga sejak subuh.</p>"
WALL = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"

PAGES = {
    "error after the header": lost(cut),
    "text behind a script": lost(without_text),
    "a teaser for the text": lost(lambda room: without_text(room, rest=TEASER)),
    "page of another article": Case(of_another, (ONE,)),
    "empty page": lost(page("")),
    "white page": lost(page(" \n " * 500)),
    "database error": lost(page(WALL.format("Kesalahan", "Error establishing a database connection"))),
    "maintenance": lost(page(WALL.format("Sedang perawatan", "Situs akan kembali sebentar lagi."))),
    "challenge": lost(page(WALL.format("Tunggu sebentar...", "Memeriksa peramban Anda sebelum masuk."))),
    "script wanted": lost(
        page("<html><body><noscript>Aktifkan JavaScript.</noscript><div id=root></div></body></html>")
    ),
    "login": lost(page('<html><body><form method="post"><input type="password" name="pwd"></form></body></html>')),
    "consent": lost(page(WALL.format("Kuki", "Setujui penggunaan kuki untuk melanjutkan."))),
    "JSON for a page": lost(page('{"code":"error","message":"Gagal"}')),
    "warning for a page": lost(page("<br />\n<b>Warning</b>: mysqli_connect(): in <b>wp-db.php</b> on line <b>1</b>")),
    "status 500": lost(page("<h1>Galat</h1>", 500)),
    "status 503": lost(page("<h1>Sibuk</h1>", 503)),
    "status 206": lost(lambda room: room.rewrite(room.path(ONE), lambda _, answer: answer._replace(status=206))),
    "status 202": lost(lambda room: room.rewrite(room.path(ONE), lambda _, answer: answer._replace(status=202))),
    "status 203": Case(
        lambda room: room.rewrite(room.path(ONE), lambda _, answer: answer._replace(status=203)), missing=(ONE,)
    ),
    "status 404": Case(page("<h1>Hilang</h1>", 404), missing=(ONE,), stats=GONE),
    "status 410": Case(page("<h1>Hilang</h1>", 410), missing=(ONE,), stats=GONE),
    "every page an error": Case(
        every_page(WALL.format("Kesalahan", "Basis data tidak dapat dihubungi.")), tuple(range(1, 13)), 1, heals=True
    ),
}
"""What an article's page says."""

AGAIN = {
    name: Case(own.spoil, crawled_before=True, arguments=("full=1",), status=own.status, heals=True)
    for name, own in PAGES.items()
    if own.heals
}
"""The same on a portal that was crawled before: what is written is not replaced by less."""

ELSEWHERE = {
    "another port of a name": "//localhost:1/rahasia/",
    "private network": "http://10.0.0.1/berita/",
    "metadata of a cloud": "http://169.254.169.254/latest/meta-data/",
    "IPv6": "http://[::1]:1/",
    "mapped IPv6": "http://[::ffff:10.0.0.1]/",
    "a number for a host": "http://167772161/",
    "another host": "https://portal.example/berita/",
}
NOWHERE = {
    "a file": "file:///etc/passwd",
    "ftp": "ftp://127.0.0.1/berita",
    "data": "data:text/html,<h1>Berita</h1>",
    "a script": "javascript:alert(1)",
    "userinfo": "http://nama:rahasia@127.0.0.1{path}",
    "another scheme": "https://127.0.0.1{path}",
    "no address": "http://[::1]a/",
    "itself": "{path}",
    "unseen characters": "{path}?\u202e",
}
MOVES = (
    {name: Case(redirect(target), (ONE,), stats=GONE) for name, target in ELSEWHERE.items()}
    | {name: lost(redirect(target)) for name, target in NOWHERE.items()}
    | {
        "hop after hop": lost(redirects_on),
        "another port": lost(redirect("{elsewhere}/rahasia/")),
        "a login": lost(login),
        "a name that is private": Case(redirect("http://dalam.example{path}"), (ONE,), stats=GONE),
    }
)
"""Where an article's address leads."""

ANSWERS = {
    "shorter than told": lost(sent(HTML_HEAD, b"Content-Length: 90000\r\n\r\n<h1>Perahu</h1><p>" + b"Air. " * 90)),
    "chunks cut": lost(sent(HTML_HEAD, b"Transfer-Encoding: chunked\r\n\r\n400\r\n<html><h1>Perahu</h1><p>Air")),
    "chunk of no size": lost(sent(HTML_HEAD, b"Transfer-Encoding: chunked\r\n\r\nzz\r\nAir\r\n0\r\n\r\n")),
    "gzip with a wrong sum": lost(compressed(lambda body: body[:-8] + b"\1" * 4 + body[-4:])),
    "gzip cut": lost(compressed(lambda body: body[: len(body) // 2])),
    "gzip that is none": lost(compressed(lambda body: b"<html>" + body)),
    "gzip bomb": lost(compressed(lambda _: bomb())),
    "gzip called br": lost(compressed(lambda body: body, "br")),
    "endless headers": lost(sent(HTML_HEAD, b"X-Isi: " + b"a" * 60_000 + b"\r\n", times=100_000)),
    "one endless header": lost(sent(HTML_HEAD, b"X-Isi: ", b"a" * 60_000, times=100_000)),
    "endless body": lost(sent(HTML_HEAD, b"\r\n", b"<p>Air naik.</p>" * 4_000, times=100_000)),
    "drops of a body": lost(sent(HTML_HEAD, b"\r\n<h1>Air</h1>", b"", times=200), arguments=("DOWNLOAD_TIMEOUT=2",)),
    "drops of headers": lost(sent(HTML_HEAD, b"", times=200), arguments=("DOWNLOAD_TIMEOUT=2",)),
    "no answer": lost(sent(b"")),
    "no HTTP": lost(sent(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "status of no number": lost(sent(b"HTTP/1.1 dua ratus\r\n\r\n<h1>Air</h1>")),
    "informed endlessly": lost(sent(b"HTTP/1.1 100 Air\r\n\r\n", times=100_000), arguments=("DOWNLOAD_TIMEOUT=5",)),
    "header name of no ASCII": Case(headers("X-Pelabuhán: 1\r\n".encode())),
    "header without a colon": Case(headers(b"pelabuhan\r\n")),
    "date of another age": Case(headers(b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\n")),
    "age of digits": Case(headers(b"Age: " + DIGITS.encode() + b"\r\n")),
    "many cookies": Case(headers(b"Set-Cookie: a=b\r\n" * 90)),
    "link of no address": Case(headers(b'Link: <http://[::1]a/>; rel="https://api.w.org/"\r\n')),
    "another encoding told": Case(lambda room: room.rewrite(
        room.path(ONE), lambda _, answer: answer._replace(kind=b"text/html; charset=windows-1252")
    )),
    "an encoding that is none": Case(lambda room: room.rewrite(
        room.path(ONE), lambda _, answer: answer._replace(kind=b"text/html; charset=dermaga")
    )),
}  # fmt: skip

POISON = {
    "marks": Case(inserted(lambda: "<p>x" + "\u0301\u0323" * 110_000 + "</p>")),
    "attributes": Case(inserted(lambda: "<p " + " ".join(f"a{n}=''" for n in range(40_000)) + "></p>")),
    "headings around paragraphs": Case(inserted(lambda: "<h1><div>" * 200 + "<p>Air</p>" * 40_000)),
    "entities of entities": Case(inserted(lambda: "<p>" + "&amp;nbsp" * 300_000 + "</p>")),
    "paragraphs of a letter": lost(inserted(lambda: "<p>a" * 1_000_000)),
    "divisions in divisions": Case(inserted(lambda: "<div>" * 20_000)),
    "bold in bold": Case(inserted(lambda: "<b>" * 20_000 + "Air")),
    "tables in tables": Case(inserted(lambda: "<table><tr><td>" * 3_000)),
    "an open comment": Case(inserted("<!-- air")),
    "a long script": Case(inserted(lambda: "<script>" + "a=1;" * 500_000 + "</script>")),
    "links": Case(inserted(lambda: '<a href="/a/">b</a> ' * 30_000)),
    "long metadata": Case(edited("<head>", lambda: '<head><meta name="keywords" content="' + "air, " * 200_000 + '">')),
    "nested JSON-LD": Case(
        edited("<head>", lambda: '<head><script type="application/ld+json">' + '{"a":[' * 50_000 + "</script>")
    ),
    "digits of a picture": Case(inserted(f'<img width="{DIGITS}" src="/a.jpg">')),
    "lone surrogate": Case(inserted("<p>&#xD83D;&#0;&#x202E;</p>")),
    "dates of no day": Case(inserted("<time>31/02/2025 25:61</time><time datetime='99999-99-99'></time>")),
}
"""What is in a page beside its article."""

SOURCES = {
    "API of no JSON": Case(json_of(POSTS, "<h1>Galat</h1>")),
    "API of brackets": Case(json_of(POSTS, "[" * 100_000)),
    "API behind a notice": Case(wrapped(POSTS, "<br />\n<b>Notice</b>: Undefined index in <b>a.php</b><br />\n")),
    "API in a byte order mark": Case(wrapped(POSTS, "\ufeff")),
    "API of an object": Case(json_of(POSTS, '{"0":{"id":1}}')),
    "API of nulls": Case(more_posts(None, 5, [], {}, {"id": None}, {"id": 1, "link": 5})),
    "API fails": Case(answered(POSTS, "", 500)),
    "API without an end": Case(more_headers(POSTS, X_WP_Total=DIGITS, X_WP_TotalPages="999999999")),
    "API of another host": Case(everywhere),
    "post of no id": Case(post(id=1e40)),
    "post of no link": Case(post(link="http://[::1]a/")),
    "post of no content": Case(post(content=None, title=None, _embedded=[])),
    "post of half a pair": Case(more_posts({"id": 9, "link": "http://127.0.0.1/\ud83d/"})),
    "feed of entities": Case(xml_of(FEED, entities), arguments=("source=feed,listing",)),
    "feed of files": Case(xml_of(FEED, external), arguments=("source=feed,listing",)),
    "feed that is a page": Case(xml_of(FEED, "<html><body>Galat"), arguments=("source=feed,listing",)),
    "feed behind a warning": Case(
        wrapped(FEED, "<br />\n<b>Warning</b>: tidak ada<br />\n"), arguments=("source=feed,listing",)
    ),
    "sitemap of itself": Case(
        xml_of(SITEMAP, index_of("{site}/wp-sitemap.xml")), arguments=("source=sitemap,listing",)
    ),
    "sitemap of another host": Case(
        xml_of(SITEMAP, index_of("{elsewhere}/sitemap.xml", "http://10.0.0.1/sitemap.xml", "file:///etc/passwd")),
        arguments=("source=sitemap,listing",),
    ),
    "sitemap of entities": Case(xml_of(SITEMAP, entities), arguments=("source=sitemap,listing",)),
    "sitemap of brackets": Case(xml_of(SITEMAP, "<urlset>" * 50_000), arguments=("source=sitemap,listing",)),
    "robots that is a page": Case(answered(ROBOTS, "<html><body><h1>Berita</h1></body></html>")),
    "robots of bytes": Case(answered(ROBOTS, bytes(range(256)) * 40)),
    "robots of one line": Case(answered(ROBOTS, "Disallow" * 100_000)),
    "robots that fails": Case(answered(ROBOTS, "", 500)),
    "robots leads elsewhere": Case(lambda room: room.give(ROBOTS, b"", 301, Location=f"{room.elsewhere}/robots.txt")),
    "robots of delays": Case(
        answered(ROBOTS, "User-agent: *\nCrawl-delay: 1e999\nCrawl-delay: nan\nCrawl-delay: -5\n")
    ),
    "robots of line ends": Case(
        answered(ROBOTS, "User-agent: *\rDisallow: /wp-admin/\rSitemap : /wp-sitemap.xml # peta\r")
    ),
    "robots forbid all": Case(answered(ROBOTS, "User-agent: *\nDisallow: /\n"), tuple(range(1, 13)), 1, heals=True),
    "page of digits": Case(linked(f"/page/{DIGITS}/"), arguments=("source=listing",)),
    "links elsewhere": Case(linked("{elsewhere}/rahasia/"), arguments=("source=listing",)),
    "link of no address": Case(linked("http://[::1]a/"), arguments=("source=listing",)),
    "link to a file": Case(linked("file:///etc/passwd"), arguments=("source=listing",)),
    "a calendar": Case(calendar, arguments=("source=listing",)),
}

KINDS = {"page": PAGES, "again": AGAIN, "moved": MOVES, "answer": ANSWERS, "poison": POISON, "source": SOURCES}
CASES = {f"{kind}: {name}": case for kind, cases in KINDS.items() for name, case in cases.items()}
