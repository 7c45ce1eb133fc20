"""Make the record of a normalised article. No Scrapy: `extract` calls this, too."""

import sys
from collections.abc import Iterator
from itertools import groupby

import nh3

from narayacrawl.items import Article, Block, PublishedArticle
from narayacrawl.language.lengths import count_words

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "tr", "th", "td", "a", "strong", "em"}
SCHEMES = {"http", "https"}
MAX_REFERENCES = 1_000
"""Character references that are left to nh3."""
FIRST_PRIVATE = 0xE000
MAX_CHUNK = 100_000
"""Characters of HTML that are sanitised at once, and the line that goes beyond."""


def body_html(blocks: list[Block]) -> str:
    """Write the blocks as clean HTML, a block or a list a line; sanitised, so that it may be shown as it is."""
    return "\n".join(map(_sanitised, _chunks(blocks)))


def _sanitised(html: str) -> str:
    if html.count("&") <= MAX_REFERENCES:
        html = _cleaned(html)
    else:
        stand_ins = _stand_ins(html)
        for reference, stand_in in stand_ins:
            html = html.replace(reference, stand_in)
        html = _cleaned(html)
        for reference, stand_in in stand_ins:
            html = html.replace(stand_in, reference)
    # html5ever gives every table a tbody.
    return html.replace("<tbody>", "").replace("</tbody>", "").replace("&nbsp;", " ")


def _cleaned(html: str) -> str:
    return nh3.clean(
        html, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None, strip_comments=True
    )


def _stand_ins(html: str) -> list[tuple[str, str]]:
    """Return a character that is not in `html` for each reference that must stay one: nh3 copies all of a text for each
    `&amp;` in it."""
    used = set(html)
    unused = (own for code in range(FIRST_PRIVATE, sys.maxunicode) if (own := chr(code)) not in used)
    return [(reference, next(unused, reference)) for reference in ("&amp;", "&lt;")]


def _chunks(blocks: list[Block]) -> Iterator[str]:
    """Write the blocks as HTML of whole elements, a long body in several chunks: nh3 takes many times the memory of the
    text it is given."""
    lines: list[str] = []
    length = 0
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        inner = [block.html for block in group]
        if kind in ("ul", "ol"):
            inner = [f"<{kind}>{''.join(f'<li>{html}</li>' for html in inner)}</{kind}>"]
        else:
            inner = [f"<{kind}>{html}</{kind}>" for html in inner]
        for line in inner:
            lines.append(line)
            length += len(line)
            if length >= MAX_CHUNK:
                yield "\n".join(lines)
                lines, length = [], 0
    if lines:
        yield "\n".join(lines)


def flaw(article: Article) -> str | None:
    """Return why a record cannot be an article: no title, no date, neither text nor pictures; None if it can."""
    if not article.title:
        return "no title"
    if article.date is None:
        return "no date"
    return None if article.body or article.images else "no body"


def record(article: PublishedArticle) -> Article:
    """Make the record of a normalised article; `title` "" and `date` None where the page has none."""
    html = body_html(article.blocks)
    body = "\n\n".join(block.text for block in article.blocks)
    return Article(
        url=article.url,
        id=article.id,
        portal=article.portal or "",
        site_name=article.site_name,
        title=article.title or "",
        description=article.description,
        standfirst=article.standfirst,
        date=article.date,
        date_precision=article.date_precision,
        modified=article.modified,
        authors=article.authors,
        editors=article.editors,
        section=article.section,
        sections=article.sections,
        tags=article.tags,
        dateline=article.dateline,
        body=body,
        body_html=html,
        words=count_words(body),
        images=article.images,
        media=article.media,
        related=article.related,
        language=article.language or "und",
        free=article.free,
        revision=1,
        change="first",
        fetched_at=article.fetched_at,
    )
