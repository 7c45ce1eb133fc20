"""Whether a page's text is for all, or for subscribers."""

import json
from typing import Any

import pytest

from narayacrawl.pages import ArticlePage, parse_html
from narayacrawl.pages.fields.access import Access


def access(article: dict[str, Any] | None = None, head: str = "", text: str = "<p>Teks</p>", names: str = "") -> Access:
    told = {"@type": "NewsArticle", **(article or {})}
    html = f"""<html><head><script type="application/ld+json">{json.dumps(told)}</script>{head}</head>
<body class="single postid-7 {names}"><article class="post hentry"><h1>Judul</h1>
<div class="entry-content">{text}</div></article></body></html>"""
    return ArticlePage(parse_html(html), "https://portal.example/judul/").access


PART = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".khusus"}


@pytest.mark.parametrize(
    ("article", "free"),
    [
        ({}, None),
        ({"isAccessibleForFree": False}, False),
        ({"isAccessibleForFree": "False"}, False),
        ({"isAccessibleForFree": "https://schema.org/False"}, False),
        ({"isAccessibleForFree": [False]}, False),
        ({"isAccessibleForFree": True}, True),
        ({"isAccessibleForFree": "true"}, True),
        ({"isAccessibleForFree": "mungkin"}, None),
        ({"isAccessibleForFree": {"@value": 1}}, None),
        ({"hasPart": PART}, False),
        ({"hasPart": [PART, "x"]}, False),
        ({"isAccessibleForFree": True, "hasPart": PART}, True),
    ],
)
def test_metadata_tells_for_whom_the_text_is(article: dict[str, Any], free: bool | None) -> None:
    assert access(article).free is free


@pytest.mark.parametrize(("tier", "free"), [("free", True), ("locked", False), ("metered", None), ("x", None)])
def test_content_tier_tells_for_whom_the_text_is(tier: str, free: bool | None) -> None:
    assert access(head=f'<meta property="article:content_tier" content="{tier}">').free is free


@pytest.mark.parametrize("name", ["pmpro_content_message", "mepr-unauthorized-message", "rcp_restricted extra"])
def test_message_of_a_membership_plugin_is_a_wall(name: str) -> None:
    own = access(text=f'<p>Awal berita.</p><div class="{name}"><p>Silakan masuk.</p></div>')
    assert (own.free, own.has_wall) == (False, True)


def test_message_of_a_membership_plugin_elsewhere_is_none() -> None:
    assert access(head='<meta name="x" class="pmpro_content_message">').has_wall is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<div class="paywall"><p>Berlangganan</p></div>', True),
        ('<div class="site-paywall__box"><p>Berlangganan</p></div>', True),
        ('<div class="khusus-pelanggan"><p>Berlangganan</p></div>', True),
        ('<div class="paywall"><script>pasang()</script></div>', False),
        ('<div class="paywalled-off-ramp"></div>', False),
        ('<div class="subscribe-box"><p>Kabar</p></div>', False),
    ],
)
def test_only_what_is_named_like_a_wall_and_shows_something_is_like_one(text: str, expected: bool) -> None:
    assert access(text=text).has_wall_like is expected


@pytest.mark.parametrize(
    ("selector", "length"),
    [
        (".khusus", 9),
        ("#lain, .khusus", 9),
        (".tiada", 0),
        ("div > p", None),
        (None, None),
        ([".khusus"], 9),
        (7, None),
    ],
)
def test_counts_the_subscribers_part_where_it_is_named(selector: Any, length: int | None) -> None:
    own = access({"hasPart": PART | {"cssSelector": selector}}, text='<p class="khusus">Sembilan.</p>')
    assert own.subscriber_text_length == length
