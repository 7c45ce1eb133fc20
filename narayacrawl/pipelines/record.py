"""Make the record of a normalised article. No Scrapy: `extract` calls this, too."""

from itertools import groupby

import nh3

from narayacrawl.items import Article, Block, PublishedArticle

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "tr", "th", "td", "a", "strong", "em"}
SCHEMES = {"http", "https"}


def body_html(blocks: list[Block]) -> str:
    """Write the blocks as clean HTML, a block or a list a line; sanitised, so that it may be shown as it is."""
    html = nh3.clean(
        _joined(blocks), tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None, strip_comments=True
    )
    # html5ever gives every table a tbody.
    return html.replace("<tbody>", "").replace("</tbody>", "").replace("&nbsp;", " ")


def _joined(blocks: list[Block]) -> str:
    # In a function of its own: the parts go before sanitising, which takes most memory, begins.
    parts = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        inner = [block.html for block in group]
        if kind in ("ul", "ol"):
            parts.append(f"<{kind}>{''.join(f'<li>{html}</li>' for html in inner)}</{kind}>")
        else:
            parts += [f"<{kind}>{html}</{kind}>" for html in inner]
    return "\n".join(parts)


def record(article: PublishedArticle) -> Article:
    """Make the record of a normalised article; `title` "" and `date` None where the page has none."""
    html = body_html(article.blocks)  # first, before there is a body beside it: this takes most memory
    return Article(
        url=article.url,
        id=article.id,
        portal=article.portal or "",
        title=article.title or "",
        description=article.description,
        standfirst=article.standfirst,
        date=article.date,
        date_precision=article.date_precision,
        modified=article.modified,
        authors=article.authors,
        editors=article.editors,
        section=article.section,
        tags=article.tags,
        dateline=article.dateline,
        body="\n\n".join(block.text for block in article.blocks),
        body_html=html,
        images=article.images,
        related=article.related,
        language=article.language or "und",
        free=article.free,
        revision=1,
        fetched_at=article.fetched_at,
    )
