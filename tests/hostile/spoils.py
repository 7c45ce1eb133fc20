"""Ways of spoiling a portal: what is answered for an article, a source, a file."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from benchmarks.answers import JSON, TEXT, XML, Answer
from tests.desk import posts_of
from tests.hostile.room import Room

ONE: Final = 4
"""The article that is spoiled."""
POSTS, FEED, SITEMAP, ROBOTS = "/wp-json/wp/v2/posts", "/feed/", "/wp-sitemap", "/robots.txt"

Spoil = Callable[[Room], None]
HTML_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n"


def page(body: str, status: int = 200) -> Spoil:
    """An article's page is this."""
    return lambda room: room.give(room.path(ONE), body, status)


def every_page(body: str, status: int = 200) -> Spoil:
    """Every article's page is this."""

    def spoil(room: Room) -> None:
        for number in range(1, 13):
            room.give(room.path(number), body, status)

    return spoil


def edited(old: str, new: str | Callable[[], str]) -> Spoil:
    """An article's page has something else in one place."""
    return lambda room: room.change(room.path(ONE), old, new if isinstance(new, str) else new())


def inserted(html: str | Callable[[], str]) -> Spoil:
    """An article's page has something more, behind its body."""
    return edited("</body>", lambda: (html if isinstance(html, str) else html()) + "</body>")


def in_text(html: Callable[[], str]) -> Spoil:
    """An article's text has one more paragraph before its first."""

    def spoil(room: Room) -> None:
        text = room.portal.content.html(room.portal.published.article(ONE))
        first = text.partition("\n\n")[0]
        room.change(room.path(ONE), first, first + html())

    return spoil


def without_text(room: Room, number: int = ONE, rest: str = "") -> None:
    """An article's page has all but its text, which a script would bring."""
    text = room.portal.content.html(room.portal.published.article(number))
    room.change(room.path(number), text, f'<div id="app">{rest}</div><script src="/app.js"></script>')


def cut(room: Room) -> None:
    """An article's page ends with an error message where its text should be."""
    text = room.portal.content.html(room.portal.published.article(ONE)).encode()

    def short(_: str, answer: Answer) -> Answer:
        head = answer.body.partition(text)[0]
        told = b"<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function in single.php:41"
        return answer._replace(body=head + told)

    room.rewrite(room.path(ONE), short)


def of_another(room: Room) -> None:
    """A cache answers with another article's page."""
    other = room.own(room.path(7))
    room.replies.insert(0, lambda path, _: other if path == room.path(ONE) else None)


def redirect(target: str) -> Spoil:
    """An article's address leads there; `{elsewhere}` is the bystander, `{site}` the portal, `{path}` the article."""

    def spoil(room: Room) -> None:
        own = room.path(ONE)
        location = target.format(elsewhere=room.elsewhere, site=room.portal.site, path=own)
        room.give(own, b"", 301, Location=location)

    return spoil


def login(room: Room) -> None:
    """An article's address leads to a form that wants a password."""
    form = '<form method="post"><input name="log"><input type="password" name="pwd"></form>'
    room.give("/wp-login.php", f"<html><body class='login'><h1>Masuk</h1>{form}</body></html>")
    room.give(room.path(ONE), b"", 302, Location=f"/wp-login.php?redirect_to={room.path(ONE)}")


def redirects_on(room: Room) -> None:
    """Every hop leads to another one."""
    hops = iter(range(10**6))
    own = room.path(ONE)
    room.replies.insert(0, lambda path, _: (
        Answer(302, TEXT, b"", {"Location": f"{own}?hop={next(hops)}"}) if path.startswith(own) else None
    ))  # fmt: skip


def linked(link: str) -> Spoil:
    """The front page and an article link there."""

    def spoil(room: Room) -> None:
        to = link.format(elsewhere=room.elsewhere, site=room.portal.site, path=room.path(ONE))
        for path in ("/", room.path(ONE)):
            room.change(path, "</body>", f'<p><a href="{to}">Lainnya di sini</a></p></body>')

    return spoil


def headers(lines: bytes | Callable[[], Iterable[bytes]]) -> Spoil:
    """An article comes whole, behind these header lines."""

    def spoil(room: Room) -> None:
        body = room.own(room.path(ONE)).body

        def chunks() -> Iterator[bytes]:
            yield HTML_HEAD
            yield from (lines,) if isinstance(lines, bytes) else lines()
            yield b"Content-Length: %d\r\n\r\n" % len(body) + body

        room.send(room.path(ONE), chunks)

    return spoil


def sent(*chunks: bytes, times: int = 1) -> Spoil:
    """Instead of an article's answer this is sent, bit by bit; the last of it so often."""

    def told() -> Iterator[bytes]:
        yield from chunks[:-1]
        for _ in range(times):
            yield chunks[-1]

    return lambda room: room.send(room.path(ONE), told)


def compressed(change: Callable[[bytes], bytes], encoding: str = "gzip") -> Spoil:
    """An article's page is compressed, and the bytes are changed then."""

    def spoil(room: Room) -> None:
        body = change(gzip.compress(room.own(room.path(ONE)).body))
        room.give(room.path(ONE), body, Content_Encoding=encoding)

    return spoil


def bomb() -> bytes:
    """A few hundred kB that are 400 MB."""
    return gzip.compress(b"<p>Air pasang naik lagi.</p>" * 15_000_000, 9)


def post(**values: Any) -> Spoil:
    """One post of the REST API has other values."""

    def spoil(room: Room) -> None:
        own = room.id_of(ONE)

        def changed(posts: list[Any]) -> list[Any]:
            return [told | values if told.get("id") == own else told for told in posts]

        room.rewrite(POSTS, lambda _, answer: posts_of(answer, changed))

    return spoil


def more_posts(*posts: Any) -> Spoil:
    """The REST API lists these, too."""
    return lambda room: room.rewrite(POSTS, lambda _, answer: posts_of(answer, lambda own: [*own, *posts]))


def wrapped(starts: str, before: str | bytes, after: str = "") -> Spoil:
    """What begins with this path is answered with something before and behind it."""
    told = before.encode() if isinstance(before, str) else before
    return lambda room: room.rewrite(
        starts, lambda _, answer: answer._replace(body=told + answer.body + after.encode())
    )


def answered(starts: str, body: str | bytes | Callable[[Room], str], status: int = 200, kind: bytes = TEXT) -> Spoil:
    """What begins with this path is answered so."""
    return lambda room: room.give(starts, body(room) if callable(body) else body, status, kind)


def json_of(starts: str, value: str) -> Spoil:
    return answered(starts, value, kind=JSON)


def xml_of(starts: str, value: str | Callable[[Room], str]) -> Spoil:
    return answered(starts, value, kind=XML)


def more_headers(starts: str, **values: str) -> Spoil:
    """What begins with this path is answered with other headers."""
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return lambda room: room.rewrite(starts, lambda _, answer: answer._replace(headers={**answer.headers, **named}))


def calendar(room: Room) -> None:
    """Every day of a calendar links to the next one, and lists nothing."""

    def day(path: str, _: Any) -> Answer | None:
        if not path.startswith("/kalender/"):
            return None
        number = int(path.split("/")[2] or 0) + 1
        links = "".join(f'<a href="/kalender/{number + more}/?bulan={more}">Hari</a>' for more in range(20))
        return Answer(200, b"text/html", f"<html><body><main>{links}</main></body></html>".encode())

    room.change("/", "</body>", '<nav><ul class="menu"><li><a href="/kalender/1/">Arsip</a></li></ul></nav></body>')
    room.replies.insert(0, day)


def entities(room: Room) -> str:
    """A document type whose entities would be a billion words."""
    names = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE x [<!ENTITY e0 "air">{names}]><rss><channel><title>&e9;</title></channel></rss>'


def external(room: Room) -> str:
    """A document type that would have files and other servers read."""
    declared = f'<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "{room.elsewhere}/dtd">'
    return f'<!DOCTYPE x SYSTEM "{room.elsewhere}/x.dtd" [{declared}]><rss><channel>&a;&b;</channel></rss>'


def index_of(*addresses: str) -> Callable[[Room], str]:
    """A sitemap index that names these."""

    def told(room: Room) -> str:
        locs = "".join(
            f"<sitemap><loc>{url.format(elsewhere=room.elsewhere, site=room.portal.site)}</loc></sitemap>"
            for url in addresses
        )
        return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</sitemapindex>'

    return told


def everywhere(room: Room) -> None:
    """Every source names another host."""
    told = json.dumps([{"id": 1, "link": f"{room.elsewhere}/rahasia/"}])
    led = f'<base href="{room.elsewhere}/"><link rel="https://api.w.org/" href="{room.elsewhere}/wp-json/">'
    room.change("/", "</head>", f"{led}</head>")  # of every page
    room.give(ROBOTS, f"User-agent: *\nSitemap: {room.elsewhere}/sitemap.xml\n", kind=TEXT)
    more_posts(*json.loads(told))(room)
