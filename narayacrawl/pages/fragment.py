"""Read HTML that is an article's text and no page, as the REST API and feeds give it."""

from narayacrawl.pages.html_parser import parse_html


def fragment_length(html: str, url: str) -> int:
    """Count the characters of text in an article's HTML: what a page's rules drop does not count."""
    return sum(map(len, fragment_blocks(html, url)))


def fragment_blocks(html: str, url: str) -> list[str]:
    """Return the text of an article's HTML, as the API or a feed gives it, block by block, as it is read of a page."""
    # Most runs of a schedule are told of no article: they are spared the import.
    from narayacrawl.pages.article import ArticlePage

    page = f'<html><body class="single"><article class="post hentry"><div class="entry-content">{html}</div></article>'
    return [block.text for block in ArticlePage(parse_html(page), url).body.blocks]
