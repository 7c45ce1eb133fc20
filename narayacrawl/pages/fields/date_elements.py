"""Read the dates of one element or line: its text, its machine-readable attributes, the date among other words."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml.etree import _Element as Element

from narayacrawl.language.dates import date_in_line
from narayacrawl.language.relative_dates import is_relative
from narayacrawl.pages.fields.date_labels import names_edit, publication_and_edit
from narayacrawl.pages.outline.blocks import MAX_FIELD_LENGTH, FieldElement, PageBlock, is_shorter_than, text_length

DATE_CLASS = re.compile(r"date|time|posted|publish|tanggal|waktu", re.IGNORECASE)
# Words of a date relative to the fetch stand for a digit.
MAY_TELL_DATE = re.compile(r"\d|\b(?:lalu|ago|kemarin|yesterday|hari ini|today|baru saja|just now)\b", re.IGNORECASE)
PART_SEPARATOR = re.compile(r"\s[–—-]\s|[|•·]")
COPYRIGHT = re.compile(r"©|copyright|hak cipta", re.IGNORECASE)
ISO_DATE_HOUR = re.compile(r"(?:19|20)\d\d-?[01]\d-?[0-3]\dT[0-2]\d")
# Themes hide one beside the date that they show, that of the last edit for example.
ISO_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:?\d\d|Z)?")
# tagDiv's themes write the local time with an offset of zero there: date( DATE_W3C, get_the_time( 'U' ) ).
LOCAL_AS_UTC = re.compile(r"\btd-(?:module|post)-date\b")
DATE_ATTRIBUTE = re.compile(r"date|time|publish|epoch|stamp", re.IGNORECASE)
EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
MODIFIED_CLASS = re.compile(r"updated|modified|diperbarui", re.IGNORECASE)
MAX_ELEMENT_LENGTH, MAX_LINE_LENGTH = 120, 100


def spaced_text(element: Element) -> str:
    """Return all text inside an element on one line, with spaces between elements: themes separate day, month and year
    by style alone. "" if it is longer than any field."""
    if not is_shorter_than(element, MAX_FIELD_LENGTH):
        return ""
    return " ".join(" ".join(map(str, element.itertext())).split())


def line_text(block: PageBlock) -> str:
    """Return a block's text; with spaces between its elements if they hold little more than the block."""
    element = block.element
    return spaced_text(element) if text_length(element) <= 2 * MAX_LINE_LENGTH else block.text


def class_id_itemprop(field_element: FieldElement) -> str:
    """Return an element's class, id and itemprop."""
    return f"{field_element.class_and_id} {field_element.element.get('itemprop') or ''}"


@lru_cache(maxsize=20_000)
def is_date_class(names: str) -> bool:
    """True if classes and ids are of an element that shows a date."""
    return DATE_CLASS.search(names) is not None


def is_date_element(field_element: FieldElement) -> bool:
    """True if an element is one that shows a date, by its tag, class or microdata."""
    element = field_element.element
    return (
        element.tag == "time"
        or is_date_class(field_element.class_and_id)
        or "date" in (element.get("itemprop") or "").lower()
    )


def machine_date(field_element: FieldElement) -> str:
    """Return the date in an element's attribute: `datetime`, `content`, hAtom's `title`; "" if it has none."""
    element = field_element.element
    date_text = element.get("datetime") or element.get("content")
    if date_text and date_text.endswith("+00:00") and LOCAL_AS_UTC.search(field_element.class_and_id):
        return date_text[:-6]
    if date_text is None and ISO_DATE_HOUR.match(element.get("title") or ""):
        date_text = element.get("title")
    return date_text or ""


def text_and_date(text: str, max_length: int, *, find_part: bool) -> Iterator[str]:
    """Yield a short text that may be a publication date, then the first date in it if other things may stand beside the
    date."""
    if len(text) > max_length or not MAY_TELL_DATE.search(text) or COPYRIGHT.search(text):
        return
    if names_edit(text):
        text = publication_and_edit(text)[0]
    if not text:
        return
    yield text
    if find_part:
        text = ISO_TIMESTAMP.sub(" | ", text)
        if date := date_in_line(text):
            yield date
        elif is_relative(text):
            yield from filter(is_relative, PART_SEPARATOR.split(text))


def attribute_dates(field_element: FieldElement) -> Iterator[str]:
    """Yield the dates in an element's `data-` attributes and in its `title`."""
    attributes = field_element.element.attrib
    for name, value in ((str(name), str(value)) for name, value in attributes.items()):
        if (
            name.startswith("data-")
            and DATE_ATTRIBUTE.search(name)
            and not MODIFIED_CLASS.search(name)
            and (ISO_DATE_HOUR.match(value) or EPOCH.fullmatch(value))
        ):
            yield value
    yield from text_and_date(str(attributes.get("title") or ""), MAX_ELEMENT_LENGTH, find_part=False)
