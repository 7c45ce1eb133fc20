"""Write an article as Markdown (CommonMark with GitHub's tables): its fields on top as YAML, then what a reader sees.

A value of the front matter is JSON, which is YAML, too, on one line: no title, however written, can end it.
"""

import html
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from bs4 import Tag
from markdownify import MarkdownConverter

FIELDS_IN_TEXT: Final = ("body", "body_html")
"""Fields of the record that are the document itself."""
UNPRINTABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML wants escaped, or takes for the end of a line."""
BLOCKS: Final = ("p", "h2", "h3", "h4", "ul", "ol", "blockquote", "table")
REFERENCE: Final = re.compile(r"&(?=#?\w+;)")
"""What would be read as a character reference in an address."""

FindImage = Callable[[str], str | None]
"""Returns where an image is kept, as a link from the document; None where it is not."""


class ArticleConverter(MarkdownConverter):
    """Converts the HTML of a record. Every character that Markdown would take for markup is escaped."""

    def convert_em(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(element, text, "*", "em")

    def convert_strong(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(element, text, "**", "strong")

    def convert_a(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        address = element.get("href")
        if not isinstance(address, str) or not text.strip():
            return text
        return _spaced(text, f"[{text.strip()}]({link(address)})")

    def convert_table(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        rows = [[_cell(self, cell) for cell in row.find_all(["td", "th"])] for row in element.find_all("tr")]
        width = max(map(len, rows), default=0)
        if not width:
            return ""
        first = element.find("tr")
        has_head = isinstance(first, Tag) and first.find("th") is not None
        rows = rows if has_head else [[""] * width, *rows]
        # A row that is longer than the first one would lose its end.
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        return "\n\n" + "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]]) + "\n\n"


def _emphasised(element: Tag, text: str, mark: str, tag: str) -> str:
    """Mark a text; by a tag where a mark would not be taken for one: beside punctuation, or another mark."""
    own = text.strip()
    if not own:
        return text
    beside = (element.previous_sibling, element.next_sibling)
    is_alone = not any(isinstance(other, Tag) for other in beside) and element.find(["em", "strong"]) is None
    is_plain = own[0].isalnum() and own[-1].isalnum() and is_alone and element.find_parent(["em", "strong"]) is None
    return _spaced(text, f"{mark}{own}{mark}" if is_plain else f"<{tag}>{own}</{tag}>")


def _spaced(text: str, marked: str) -> str:
    """Put the spaces around a text outside of what it was made."""
    return f"{' ' if text[:1].isspace() else ''}{marked}{' ' if text[-1:].isspace() else ''}"


def _cell(converter: MarkdownConverter, cell: Tag) -> str:
    text: str = converter.process_tag(cell, parent_tags={"_inline"})  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", text.strip().strip("|")).strip()


def link(address: str) -> str:
    """Return an address as the target of a link, whatever stands in it."""
    for character in '<>\\ "\n':
        address = address.replace(character, f"%{ord(character):02X}")
    return f"<{REFERENCE.sub('&amp;', address)}>" if re.search(r"[()\[\]*_`]|&\w", address) else address


def escaped(text: str) -> str:
    """Return a text as one line of a document, no character of it markup."""
    return convert(f"<p>{html.escape(text)}</p>").strip()


def convert(body_html: str) -> str:
    """Return the HTML of a record as Markdown."""
    text: str = ArticleConverter(heading_style="atx", bullets="-", escape_misc=True).convert(body_html)
    return text.strip()


def front_matter(fields: Mapping[str, Any]) -> str:
    """Return fields as YAML between two lines of dashes."""
    lines = [f"{name}: {_yaml(value)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---"])


def _yaml(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def document(record: Mapping[str, Any], find_image: FindImage = lambda _: None) -> str:
    """Return the Markdown document of a record."""
    parts = [front_matter({name: value for name, value in record.items() if name not in FIELDS_IN_TEXT})]
    parts.append(f"# {escaped(record['title'])}")
    lead, *others = record.get("images") or [None]
    if standfirst := record.get("standfirst"):
        parts += [f"<em>{escaped(part)}</em>" for part in standfirst.split("\n\n") if part.strip()]
    if lead:
        parts.append(_image(lead, find_image))
    parts.append(_body(record))
    parts += [_image(image, find_image) for image in others]
    if media := record.get("media"):
        parts.append("## Media\n\n" + "\n".join(f"- [{own['kind']}]({link(own['url'])})" for own in media))
    if related := record.get("related"):
        links = [f"- [{escaped(own['title'])}]({link(own['url'])})" for own in related]
        parts.append("## Related\n\n" + "\n".join(links))
    return "\n\n".join(part for part in parts if part) + "\n"


def _body(record: Mapping[str, Any]) -> str:
    text: str = record.get("body_html") or ""
    if dateline := record.get("dateline"):
        opening = f"<p><strong>{html.escape(dateline)}</strong> – "
        text = opening + text.removeprefix("<p>") if text.startswith("<p>") else f"{opening}</p>{text}"
    try:
        return convert(text)
    except RecursionError:  # markup nested a thousand deep
        return "\n\n".join(map(escaped, (record.get("body") or "").split("\n\n")))


def _image(image: Mapping[str, Any], find_image: FindImage) -> str:
    """Return an image, and below it what is told of it."""
    caption, credit = image.get("caption") or "", image.get("credit") or ""
    target = link(find_image(image["url"]) or image["url"])
    told = " ".join(part for part in (escaped(caption), f"({escaped(credit)})" if credit else "") if part)
    return f"![{escaped(caption)}]({target})" + (f"\n\n<em>{told}</em>" if told else "")
