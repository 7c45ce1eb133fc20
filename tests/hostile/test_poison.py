"""A portal with one article that some code would take minutes or gigabytes for: all others are written, and it is
written or has failed in one line."""

from collections.abc import Callable

import pytest

from tests.conftest import Portal, Scrapy
from tests.portals import Post, WordPress, crawl
from tests.slow import only_quick

POSTS = [Post(number) for number in range(1, 13)]
POISON: dict[str, Callable[[], str]] = {
    "marks in a paragraph": lambda: "<p>x" + "\u0301\u0323" * 110_000 + "</p>",
    "marks in a link": lambda: f'<p><a href="/x/">{"e" + chr(0x301) * 200_000}</a></p>',
    "attributes": lambda: f"<p {' '.join(f'a{number:x}' for number in range(60_000))}>x</p>",
    "headings around paragraphs": lambda: "<h1><div>" * 200 + "<p>Perahu kayu.</p>" * 20_000,
    "references": lambda: f"<p>{'&amp;nbsp' * 150_000}</p>",
    "boxes that nobody closes": lambda: '<div class="x">' * 50_000,
    "a long address": lambda: f'<p><a href="/?{"a=1&" * 300_000}">x</a></p>',
    "brackets of JSON-LD": lambda: f'<script type="application/ld+json">{"[" * 10_000}</script>',
    "ten columns for a million": lambda: '<table><tr><td colspan="1000000" rowspan="1000000">a<td>b</table>',
    "sizes of a picture": lambda: f'<img src="/a.jpg" srcset="{",".join(f"/{n}.jpg {n}w" for n in range(50_000))}">',
    "a picture in its address": lambda: f'<p><img src="data:image/png;base64,{"A" * 3_000_000}"></p>',
}
REFUSED: dict[str, Callable[[], str]] = {
    "paragraphs of a letter": lambda: "<p>a" * 1_000_000,
    "bare attributes": lambda: "<p a b c d e f g h i j k l m n o>x" * 120_000,
}


def opened(portal: Portal, content: str) -> None:
    """A portal whose first article has this in its text."""
    site = WordPress(portal)
    site.open(POSTS)
    text = "".join(f"<p>{own}</p>" for own in POSTS[0].texts)
    portal.add(POSTS[0].path, site.article(POSTS[0], content=f"{text}{content}"))


@pytest.mark.parametrize("kind", only_quick(POISON, ("marks in a paragraph", "attributes")))
def test_every_article_is_written(kind: str, portal: Portal, scrapy: Scrapy) -> None:
    opened(portal, POISON[kind]())
    done = crawl(scrapy, portal.url)
    assert (done.status, done.ids) == (0, [*range(1, 13)])


@pytest.mark.parametrize("kind", only_quick(REFUSED, ()))
def test_a_page_too_heavy_to_read_has_failed_alone(kind: str, portal: Portal, scrapy: Scrapy) -> None:
    opened(portal, REFUSED[kind]())
    done = crawl(scrapy, portal.url)
    assert (done.status, done.ids) == (0, [*range(2, 13)])
    assert done.log.count("article not readable (too much markup: ") == 1
    assert "Traceback" not in done.log
