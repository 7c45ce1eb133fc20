"""A portal whose pages carry numbers, dates and addresses that nobody can use: every other article is written."""

from collections.abc import Callable

import pytest

from tests.conftest import Portal, Scrapy
from tests.portals import Post, WordPress, crawl
from tests.slow import only_quick

POSTS = [Post(number) for number in range(1, 5)]
DIGITS = "9" * 5_000


def beside(link: str) -> Callable[[WordPress], None]:
    """A link on the front page and in an article."""

    def spoil(site: WordPress) -> None:
        for path in ("/", POSTS[0].path):
            status, headers, body = site.server.pages[path]
            body = body.replace("</main>", f'<p><a href="{link}">Lain</a></p></main>')
            site.server.pages[path] = (status, headers, body)

    return spoil


def replaced(old: str, new: str) -> Callable[[WordPress], None]:
    """Something else in one article's page."""

    def spoil(site: WordPress) -> None:
        status, headers, body = site.server.pages[POSTS[0].path]
        assert old in body
        site.server.pages[POSTS[0].path] = (status, headers, body.replace(old, new))

    return spoil


def dated(date: str) -> Callable[[WordPress], None]:
    """A `Date` of every answer."""

    def spoil(site: WordPress) -> None:
        for path, (status, headers, body) in site.server.pages.items():
            site.server.pages[path] = (status, headers | {"Date": date}, body)

    return spoil


HEAD = "</head>"
SPOILED = {
    "page of a listing": beside(f"/page/{DIGITS}/"),
    "parameter of a listing": beside(f"/?paged={DIGITS}"),
    "page of an article": beside(f"{POSTS[0].path}?page={DIGITS}"),
    "digits of another script": beside("/page/\u0663/"),
    "class of the body": replaced("postid-1", f"postid-{DIGITS}"),
    "class beyond 64 bits": replaced("postid-1", "postid-" + "9" * 30),
    "shortlink": replaced("?p=1", f"?p={DIGITS}"),
    "id of the article": replaced('post-1"', f'post-{DIGITS}"'),
    "width of a picture": replaced(HEAD, f'<img width="{DIGITS}" src="/a.jpg">{HEAD}'),
    "picture in the metadata": replaced(HEAD, f'<meta property="og:image" content="http://[::1]a/b.jpg">{HEAD}'),
    "canonical": replaced(HEAD, f'<link rel="canonical" href="http://[::1]a/">{HEAD}'),
    "api": replaced(HEAD, f'<link rel="https://api.w.org/" href="http://[::1]a/">{HEAD}'),
    "related link": beside("http://[::1]a/"),
    "date that no zone has": dated("Fri, 31 Dec 9999 23:59:59 -1200"),
    "date of nothing": dated("kemarin"),
}
QUICK = ("page of a listing", "class beyond 64 bits", "date that no zone has")


@pytest.mark.parametrize("kind", only_quick(SPOILED, QUICK))
def test_every_article_is_written(kind: str, portal: Portal, scrapy: Scrapy) -> None:
    site = WordPress(portal)
    site.open(POSTS)
    SPOILED[kind](site)
    done = crawl(scrapy, portal.url)
    assert (done.status, len(done.articles)) == (0, len(POSTS)), done.log[-2_000:]
    assert "Traceback" not in done.log
