"""Clean the body's text: take off dateline and end marker, put Unicode and white space right."""

import re
from html import escape, unescape
from urllib.parse import urlsplit

from narayacrawl.items import Block, PublishedArticle
from narayacrawl.language.indonesian import split_dateline, split_ending
from narayacrawl.language.text import clean_text

TOKEN = re.compile(r"<[^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|[^<&]+|[<&]")
EMPTY = re.compile(r"<(strong|em|a)(?: [^>]*)?>(\s*)</\1>")
BOLD_OPENING = re.compile(r"<strong>([^<]*)</strong>")
BOLD_TERM = re.compile(r"<strong>[^<]*(?:[–—―-]\s?</strong>|</strong>\s?[–—―-])")
TAG = re.compile(r"(<[^<>]*>)")


def cut(html: str, start: int, end: int) -> str:
    """Cut inline HTML to the characters from `start` to `end`, as a reader counts them; elements left empty go."""
    out, position = [], 0
    for token in TOKEN.findall(html):
        if token.startswith("<") and len(token) > 1:
            out.append(token)
            continue
        text = unescape(token)
        kept = text[max(0, start - position) : max(0, end - position)]
        position += len(text)
        out.append(escape(kept, quote=False))
    return tidy("".join(out))


def tidy(html: str) -> str:
    """Remove empty elements from inline HTML, and white space at its edges or doubled across tags."""
    parts = TAG.split(html)
    spaced, last = True, 0
    for index in range(0, len(parts), 2):  # text, tag, text …
        text = parts[index].lstrip() if spaced else parts[index]
        parts[index] = text
        if text:
            spaced, last = text[-1].isspace(), index
    parts[last] = parts[last].rstrip()
    html, before = "".join(parts), None
    while before != html and ("></" in html or "> </" in html):
        before, html = html, EMPTY.sub(r"\2", html)
    return html


def text_of(html: str) -> str:
    """Return what a reader sees of inline HTML."""
    return unescape(TAG.sub("", html))


def clean_block(block: Block) -> Block:
    """Clean a block's text and HTML; a table keeps its lines."""
    if block.kind == "table":
        text = "\n".join(filter(None, map(clean_text, block.text.split("\n"))))
        return Block("table", text, clean_text(block.html), block.page)
    if "<" not in block.html:
        text = clean_text(block.text)
        return Block(block.kind, text, escape(text, quote=False), block.page)
    html = tidy(clean_text(block.html))
    return Block(block.kind, text_of(html).strip(), html, block.page)


def normalize_body(article: PublishedArticle) -> PublishedArticle:
    """Clean every block; take the dateline off the first paragraph and the end marker off the last. Blocks left empty
    go."""
    blocks = [own for block in article.blocks if (own := clean_block(block)).text]
    first = next((b for b in blocks if b.kind in ("p", "blockquote")), None)
    if first is not None and blocks.index(first) < 2:
        host = (urlsplit(article.url).hostname or "").removeprefix("www.")
        bold = BOLD_OPENING.match(first.html)
        if bold and any(BOLD_TERM.match(block.html) for block in blocks if block is not first):
            bold = None  # each opens with a name: a list of people or terms
        names = [name for name in (article.site_name, host) if name]
        dateline, length = split_dateline(first.text, names, unescape(bold[1]) if bold else "")
        if dateline:
            article.dateline = dateline
            first.html = cut(first.html, length, len(first.text))
            first.text = text_of(first.html)
    _cut_ending(blocks)
    article.blocks = [block for block in blocks if block.text]
    return article


def _cut_ending(blocks: list[Block]) -> None:
    """Take the end marker off the last paragraph: a list or a table may follow it, a marker may stand alone, and one
    may follow another."""
    for block in reversed(blocks):
        if block.kind not in ("p", "blockquote"):
            continue
        marker, length = split_ending(block.text)
        if marker is not None:
            block.html = cut(block.html, 0, length)
            block.text = text_of(block.html)
        if block.text:
            return


class NormalizeBodyPipeline:
    """Clean the body's text; take off dateline and end marker."""

    def process_item(self, item: PublishedArticle) -> PublishedArticle:
        return normalize_body(item)
