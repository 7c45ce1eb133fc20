"""A portal that leads elsewhere in every way: nothing else is asked, and every other article is written."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests import network
from tests.desk import Reader
from tests.portals import Crawl, Post, WordPress
from tests.raw import RawPortal, answer, raw_portal

ELSEWHERE = "lain.example"
"""A name that leads to the other server on loopback: what is asked for there has left the portal."""
SECRET = "rahasia-sekali"

# Status and target of a redirect, {port} the portal's and {other} the other server's; why it is refused; what becomes
# of the article.
REDIRECTS = {
    "another domain": (302, "http://lain.example:{other}/a/", "host", "failed"),
    "another domain, for good": (301, "http://lain.example:{other}/b/", "host", "gone"),
    "another domain on the portal's port": (308, "http://lain.example:{port}/c/", "host", "gone"),
    "another domain without a scheme": (302, "//lain.example:{other}/d/", "host", "failed"),
    "another port": (301, "http://127.0.0.1:{other}/e/", "port", "failed"),
    "loopback by name": (302, "http://localhost:{port}/f/", "host", "failed"),
    "loopback in hexadecimal": (302, "http://0x7f.1:{port}/g/", "host", "failed"),
    "loopback as a number": (302, "http://2130706433:{port}/h/", "host", "failed"),
    "loopback in octal": (302, "http://017700000001:{port}/i/", "host", "failed"),
    "loopback of IPv6": (302, "http://[::1]:{other}/j/", "host", "failed"),
    "loopback, mapped": (302, "http://[::ffff:127.0.0.1]:{other}/k/", "host", "failed"),
    "where a cloud keeps its keys": (302, "http://169.254.169.254/latest/meta-data/", "host", "failed"),
    "a port of nothing": (302, "http://127.0.0.1:0/", "port", "failed"),
    "another scheme": (302, "https://127.0.0.1/", "port", "failed"),
    "a file": (302, "file:///etc/passwd", "scheme", "failed"),
    "data": (302, "data:text/html,<h1>Berita</h1>", "scheme", "failed"),
    "a password": (302, f"http://orang:{SECRET}@127.0.0.1:{{port}}/l/", "userinfo", "failed"),
    "a password elsewhere": (301, f"http://orang:{SECRET}@lain.example:{{other}}/m/", "userinfo", "failed"),
    "an address without end": (302, "http://[::1", "malformed", "failed"),
}
POSTS = [Post(number) for number in range(1, len(REDIRECTS) + 7)]
LED = dict(zip(REDIRECTS, POSTS, strict=False))
KEPT = POSTS[len(REDIRECTS) :]


@dataclass
class Run:
    """A crawl of a portal that leads elsewhere."""

    done: Crawl
    reader: Reader
    portal: RawPortal
    other: RawPortal

    def lines(self, path: str) -> list[str]:
        """What the log says of a path."""
        return [line for line in self.done.log.splitlines() if f"{path}" in line and "narayacrawl." in line]


def redirect(target: str, status: int = 302) -> bytes:
    return answer("", b"Location: " + target.encode(), status=b"%d X" % status)


def spoil(portal: RawPortal, other: RawPortal) -> None:
    """Publish the posts, those that lead elsewhere among them; so do robots.txt, the front page and an article."""
    site = WordPress(portal)  # type: ignore[arg-type]
    site.open(POSTS)
    ports = {"port": portal.url.rpartition(":")[2].strip("/"), "other": other.url.rpartition(":")[2].strip("/")}
    for name, (status, target, *_) in REDIRECTS.items():
        portal.answers[LED[name].path] = redirect(target.format(**ports), status)
    links = "".join(
        f'<link rel="{rel}" type="application/rss+xml" href="http://{host}:{ports["other"]}/{rel[:5]}/">'
        for rel in ("https://api.w.org/", "alternate", "canonical", "shortlink", "next")
        for host in ("127.0.0.1", ELSEWHERE)
    )
    for path in ("/", KEPT[0].path):
        body = portal.answers[path]
        assert isinstance(body, bytes)
        html = body.partition(b"\r\n\r\n")[2].decode().replace("</head>", f"{links}</head>")
        html = html.replace(
            "</main>", f'<p><a href="http://orang:{SECRET}@127.0.0.1:{ports["port"]}/x/">X</a></p></main>'
        )
        portal.answers[path] = answer(html)
    maps = "".join(f"Sitemap: http://{host}:{ports['other']}/peta.xml\n" for host in ("127.0.0.1", ELSEWHERE))
    portal.answers["/robots.txt"] = answer(f"User-agent: *\nDisallow:\n{maps}")
    portal.answers["/feed/"] = redirect(f"http://{ELSEWHERE}:{ports['other']}/feed/")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with ExitStack() as stack:
        portal, other = stack.enter_context(raw_portal()), stack.enter_context(raw_portal())
        spoil(portal, other)
        names = {ELSEWHERE: ["127.0.0.1"], "localhost": ["127.0.0.1"]}
        reader = Reader(portal.url, tmp_path_factory.mktemp("outside"), prepare=partial(network.play, names))
        yield Run(reader.crawl("LOG_LEVEL=DEBUG"), reader, portal, other)


def test_nothing_else_is_asked(run: Run) -> None:
    assert run.other.asked == []
    assert network.OUTSIDE not in run.done.log
    assert run.portal.hosts == {run.portal.url.split("/")[2].encode()}


def test_every_other_article_is_written(run: Run) -> None:
    assert run.done.ids == [post.id for post in KEPT]
    assert "Traceback" not in run.done.log


@pytest.mark.parametrize("name", REDIRECTS)
def test_a_redirect_is_told_once_and_settled(name: str, run: Run) -> None:
    _, _, reason, state = REDIRECTS[name]
    path = LED[name].path
    assert run.portal.asked.count(path) == 1
    [line] = run.lines(path)
    assert ("article gone" if state == "gone" else "article not read") in line
    [(found,)] = run.reader.sql("SELECT state FROM articles WHERE url LIKE ?", f"%{path}")
    assert found == state
    assert run.done.stat(f"refused/{reason}") >= sum(own[2] == reason for own in REDIRECTS.values())


def test_no_password_is_written_anywhere(run: Run) -> None:
    assert SECRET not in run.done.log
    for path in run.reader.folder.rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path


def test_sources_elsewhere_are_told(run: Run) -> None:
    told = [line for line in run.done.log.splitlines() if "not asked for" in line]
    assert any("/peta.xml" in line and ELSEWHERE in line for line in told)
    assert any("/feed/" in line for line in told)


# A portal by its name


@pytest.fixture
def portal() -> Iterator[RawPortal]:
    with raw_portal() as served:
        WordPress(served).open(POSTS[:3])  # type: ignore[arg-type]
        yield served


def named(portal: RawPortal, host: str) -> str:
    """The portal's address by a name."""
    return portal.url.replace("127.0.0.1", host)


def test_a_name_that_resolves_to_a_private_address_is_refused(portal: RawPortal, tmp_path: Path) -> None:
    url = named(portal, "kabar.example")
    done = Reader(url, tmp_path, prepare=partial(network.play, {"kabar.example": ["127.0.0.1"]})).crawl("RETRY_TIMES=3")
    assert (done.status, portal.asked) == (1, [])
    assert "PRIVATE_HOSTS=" in done.last_line
    assert done.stat("refused/private_address") == 2  # robots.txt and the front page
    assert "Traceback" not in done.log


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "setting"),
    [("kabar.example", "PRIVATE_HOSTS=lain.example,kabar.example"), ("localhost", "PRIVATE_HOSTS=")],
)
def test_a_private_host_that_is_named_is_crawled_by_its_name(
    host: str, setting: str, portal: RawPortal, tmp_path: Path
) -> None:
    WordPress(portal, named(portal, host)).open(POSTS[:3])  # type: ignore[arg-type]
    reader = Reader(named(portal, host), tmp_path, prepare=partial(network.play, {host: ["127.0.0.1"]}))
    done = reader.crawl(setting)
    assert (done.status, done.ids) == (0, [1, 2, 3])
    assert portal.hosts == {named(portal, host).split("/")[2].encode()}


@pytest.mark.slow
@pytest.mark.parametrize("status", [301, 302])
def test_a_portal_that_has_moved_says_where_to(status: int, portal: RawPortal, tmp_path: Path) -> None:
    portal.answers["/"] = redirect("https://kabarbaru.example/", status)
    done = Reader(portal.url, tmp_path, prepare=partial(network.play, {})).crawl()
    assert done.status == 1
    assert "the portal has moved to https://kabarbaru.example/" in done.last_line
    assert done.last_line.endswith("-a url=https://kabarbaru.example/")


@pytest.mark.slow
def test_a_mirror_whose_redirects_lead_to_its_original_is_asked_itself(portal: RawPortal, tmp_path: Path) -> None:
    portal.answers["/lama/"] = redirect(f"https://narayapost.com{POSTS[0].path}", 301)
    done = Reader(portal.url, tmp_path, prepare=partial(network.play, {})).crawl(f"urls={portal.url}lama/")
    assert (done.status, done.ids) == (0, [1])
    assert network.OUTSIDE not in done.log


# Behind a proxy


def begin_behind(proxy: str) -> None:
    network.play({})
    os.environ["http_proxy"] = proxy


@pytest.mark.slow
def test_behind_a_proxy_names_are_checked_and_not_resolved(portal: RawPortal, tmp_path: Path) -> None:
    WordPress(portal, "http://kabar.example/").open(POSTS[:3])  # type: ignore[arg-type]
    portal.answers[POSTS[0].path] = redirect("http://lain.example/a/")
    portal.answers[POSTS[1].path] = redirect("http://10.0.0.1/b/")
    proxy = portal.url.replace("//", f"//orang:{SECRET}@")
    reader = Reader("http://kabar.example/", tmp_path, prepare=partial(begin_behind, proxy))
    done = reader.crawl("HTTPPROXY_ENABLED=True")
    assert done.ids == [3]
    assert portal.hosts == {b"kabar.example"}
    assert "/a/" not in portal.asked
    assert "/b/" not in portal.asked
    assert (done.log.count("go through the proxy"), SECRET in done.log) == (1, False)


# Commands


@pytest.mark.slow
def test_explain_follows_no_redirect_elsewhere(portal: RawPortal, tmp_path: Path) -> None:
    portal.answers["/berita/"] = redirect("http://lain.example/a/")
    reader = Reader(portal.url, tmp_path, prepare=partial(network.play, {"lain.example": ["127.0.0.1"]}))
    status, _ = reader.scrapy("explain", f"{portal.url}berita/")
    log = (tmp_path / "log").read_text()
    assert (status, "it leads off the portal, to lain.example" in log, "Traceback" in log) == (1, True, False)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["explain", "https://orang:rahasia-sekali@kabar.example/"],
        ["crawl", "wordpress", "-a", "url=https://orang:rahasia-sekali@kabar.example/"],
        ["crawl", "narayapost", "-a", "urls=https://narayapost.com/a/,https://orang:rahasia-sekali@narayapost.com/b/"],
        ["audit", "wordpress", "-a", "url=https://orang:rahasia-sekali@kabar.example/"],
        ["record", "wordpress", "-a", "url=https://orang:rahasia-sekali@kabar.example/"],
        ["genspider", "-t", "portal", "kabar", "orang:rahasia-sekali@kabar.example"],
        ["extract", "-", "--url", "https://orang:rahasia-sekali@kabar.example/"],
    ],
    ids=lambda words: words[0],
)
def test_a_password_in_an_argument_is_refused_and_not_repeated(words: list[str], tmp_path: Path) -> None:
    reader = Reader("", tmp_path, prepare=partial(network.play, {}))
    status, out = reader.scrapy(*words)
    log = (tmp_path / "log").read_text()
    assert (status, SECRET in log + out, "http_user, http_pass and http_auth_domain" in log) == (2, False, True)
