"""A portal with one article that some C code would take minutes for: all are written."""

from collections.abc import Callable

import pytest

from tests.conftest import Portal, Scrapy
from tests.portals import Post, WordPress, crawl

POSTS = [Post(number) for number in range(1, 4)]
POISON = {
    "marks in a paragraph": lambda: "<p>x" + "\u0301\u0323" * 110_000 + "</p>",
    "marks in a link": lambda: f'<p><a href="/x/">{"e" + chr(0x301) * 200_000}</a></p>',
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_every_article_is_written(poison: Callable[[], str], portal: Portal, scrapy: Scrapy) -> None:
    site = WordPress(portal)
    site.open(POSTS)
    text = f"<p>{POSTS[0].texts[0]}</p>{poison()}"
    portal.add(POSTS[0].path, site.article(POSTS[0], content=text))
    done = crawl(scrapy, portal.url)
    assert (done.status, done.ids) == (0, [1, 2, 3])
