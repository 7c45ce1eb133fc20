"""When the text that was read of an article's page is believed to be the article's."""

import json
from dataclasses import replace
from typing import Any

import pytest

from narayacrawl.ledger.former_revision import FormerRevision
from narayacrawl.pages import ArticlePage, parse_html
from narayacrawl.sources.rest_parser import RestPost
from narayacrawl.wordpress.belief import PageText

URL = "https://portal.example/ekonomi/perahu-sayur-bersandar-subuh/"
TITLE = "Perahu Sayur Bersandar Sebelum Subuh"
SENTENCES = [f"Awak perahu nomor {number} menurunkan bayam dan kangkung di tangga dermaga." for number in range(40)]
LINE = f"<p>{SENTENCES[0]}</p>"
FULL = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:20])
TWO_THIRDS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:13])
LAST_THIRD = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[13:20])
NINE_TENTHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:18])
POST = RestPost(7, URL, 1, None, "2026-01-05T02:00:00+00:00", None, None, content=FULL)
UNKNOWN = FormerRevision()
WRITTEN = FormerRevision(1, body_length=1_400, as_of="2026-01-06T02:00:00+00:00")
CAPTIONS = "".join(
    f'<figure><img src="/{number}.jpg"><figcaption>{sentence}</figcaption></figure>'
    for number, sentence in enumerate(SENTENCES[:20])
)


def doubt(
    content: str,
    post: RestPost | None = None,
    former: FormerRevision = UNKNOWN,
    breakage: str | None = None,
    *,
    modified: str = "",
    **metadata: Any,
) -> tuple[str, str] | None:
    """State and witness of the doubt about a page with this content."""
    told = {"@type": "NewsArticle", **metadata}
    head = f'<meta property="article:modified_time" content="{modified}">' if modified else ""
    html = f"""<html><head><script type="application/ld+json">{json.dumps(told)}</script>{head}</head>
<body class="single postid-7"><article class="post hentry"><h1 class="entry-title">{TITLE}</h1>
<div class="entry-content">{content}</div></article></body></html>"""
    page = ArticlePage(parse_html(html), URL)
    found = PageText(page, [], page.published(), post, former, breakage).doubt()
    return (found.state, found.witness.partition(":")[0]) if found else None


WORDS = {"wordCount": 300}
BODY = {"articleBody": " ".join(SENTENCES[:20])}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(LINE, {}, id="one sentence that nobody else tells of"),
        pytest.param(FULL, {"post": POST, **BODY, **WORDS}, id="what all tell"),
        pytest.param(LINE, {"post": replace(POST, content=LINE)}, id="one sentence"),
        pytest.param(FULL, {"post": replace(POST, content=LINE)}, id="an API that gives a teaser"),
        pytest.param(
            f'{TWO_THIRDS}<div class="related-posts">{LAST_THIRD}</div>', {"post": POST}, id="a third of it as a box"
        ),
        pytest.param(NINE_TENTHS, {"post": POST}, id="nine tenths of what the API gives"),
        pytest.param(FULL, {"post": replace(POST, content=None)}, id="an API that was not asked for it"),
        pytest.param(CAPTIONS, {"post": replace(POST, content=CAPTIONS)}, id="a gallery with captions"),
        pytest.param(LINE, {"wordCount": 70}, id="words of shortcodes"),
        pytest.param(FULL, {"wordCount": 1_300}, id="many words of shortcodes"),
        pytest.param(LINE, {"wordCount": "banyak"}, id="a count that is none"),
        pytest.param(LINE, {"articleBody": ["x", 7]}, id="an articleBody that is none"),
        pytest.param(
            f'{LINE}<div class="related-posts">{FULL}</div>', BODY, id="articleBody that stands on the page elsewhere"
        ),
        pytest.param(FULL, {"former": WRITTEN}, id="as long as it was"),
        pytest.param(LINE, {"former": WRITTEN, "modified": "2026-01-07T02:00:00+00:00"}, id="cut, and the page tells"),
        pytest.param(
            LINE,
            {"former": WRITTEN, "post": replace(POST, content=LINE, modified="2026-01-07T02:00:00+00:00")},
            id="cut, and the API tells",
        ),
        pytest.param(
            LINE, {"former": WRITTEN._replace(lastmod="2026-01-07T02:00:00+00:00")}, id="cut, and a source tells"
        ),
        pytest.param(FULL, {"post": POST, "breakage": "error"}, id="broken off behind the text"),
        pytest.param(FULL, {"former": WRITTEN, "breakage": "error"}, id="broken off behind the text it had"),
    ],
)
def test_text_is_believed(content: str, told: dict[str, Any]) -> None:
    assert doubt(content, **told) is None


@pytest.mark.parametrize(
    ("content", "told", "witness"),
    [
        pytest.param("", {"post": POST}, "REST API", id="nothing"),
        pytest.param(LINE, {"post": POST}, "REST API", id="a sentence of twenty"),
        pytest.param(TWO_THIRDS, {"post": POST}, "REST API", id="cut by a third"),
        pytest.param(
            "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[8:20]),
            {"post": POST},
            "REST API",
            id="its beginning missing",
        ),
        pytest.param('<img src="/a.jpg">', {"post": POST}, "REST API", id="a picture instead of a text"),
        pytest.param(LINE, BODY, "JSON-LD articleBody", id="articleBody"),
        pytest.param(LINE, WORDS, "JSON-LD wordCount", id="wordCount"),
        pytest.param(LINE, {"wordCount": "300"}, "JSON-LD wordCount", id="wordCount in words"),
        pytest.param(LINE, {"former": UNKNOWN._replace(source_length=1_400)}, "feed", id="feed"),
        pytest.param(LINE, {"former": WRITTEN}, "revision 1", id="last revision"),
        pytest.param(
            LINE, {"former": WRITTEN, "modified": "2026-01-05T02:00:00+00:00"}, "revision 1", id="edited before it"
        ),
        pytest.param(
            LINE,
            {"former": WRITTEN, "post": replace(POST, content=LINE)},
            "revision 1",
            id="an API that gives a teaser, and tells of no edit",
        ),
        pytest.param(
            '<img src="/a.jpg">',
            {"former": WRITTEN, "modified": "2026-01-07T02:00:00+00:00"},
            "revision 1",
            id="edited, yet no text is left",
        ),
        pytest.param("", {}, "the page has neither text nor pictures or players of its own", id="nothing at all"),
        pytest.param(LINE, {"breakage": "the page ends before its end"}, "the page ends before its end", id="cut"),
        pytest.param(LINE, {"post": replace(POST, content=LINE), "breakage": "cut"}, "cut", id="cut, hardly known"),
    ],
)
def test_text_is_not_believed(content: str, told: dict[str, Any], witness: str) -> None:
    assert doubt(content, **told) == ("disbelieved", witness)


CLOSED = {"isAccessibleForFree": False}
WALL = '<div class="pmpro_content_message">Masuk</div>'


@pytest.mark.parametrize(
    ("content", "told", "state"),
    [
        pytest.param(FULL, CLOSED, None, id="all of it"),
        pytest.param(FULL, CLOSED | {"post": POST}, None, id="all of what the API has"),
        pytest.param(LINE, CLOSED | {"wordCount": 12}, None, id="all of a short one"),
        pytest.param(LINE, CLOSED, "subscribers_only", id="a sentence"),
        pytest.param("", CLOSED, "subscribers_only", id="nothing"),
        pytest.param(LINE, CLOSED | {"post": POST}, "subscribers_only", id="less than the API has"),
        pytest.param(FULL + WALL, {}, "subscribers_only", id="a text before a plugin's message"),
        pytest.param(f'{FULL}<div class="paywall">Masuk</div>', {}, None, id="a text beside a box"),
        pytest.param(f'{FULL}<div class="paywall">Masuk</div>', {"wordCount": 700}, "subscribers_only", id="half"),
        pytest.param(LINE, {"isAccessibleForFree": True}, None, id="a sentence for all"),
    ],
)
def test_teaser_for_subscribers_is_no_failure(content: str, told: dict[str, Any], state: str | None) -> None:
    found = doubt(content, **told)
    assert (found and found[0]) == state
