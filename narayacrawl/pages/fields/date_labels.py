"""Tell the publication date in a line from the date of the last edit, by the labels before or after them:
`Diperbarui 15 Des 2025, 08:00 | Diterbitkan 14 Des 2025, 21:35`."""

import re

from lxml.etree import _Element as Element

from narayacrawl.language.month_names import MODIFIED, PUBLISHED
from narayacrawl.pages.outline.blocks import is_shorter_than, text_of

MODIFIED_LABEL = rf"(?:last |zuletzt |letzte |dernière |última )?(?:{'|'.join(MODIFIED)})\b"
MODIFIED_TEXT = re.compile(rf"^\W*{MODIFIED_LABEL}", re.IGNORECASE)
LABEL = rf"(?:first |erstmals |zuerst |pertama )?(?:{'|'.join(PUBLISHED)}|mise? en ligne)\b"
AFTER_LABEL = r"(?:\s(?:am|on|at|le|el|il|op|em|pada|tanggal|date))?\W{0,3}"
LONE_LABEL = re.compile(rf"\W{{0,3}}{LABEL}{AFTER_LABEL}", re.IGNORECASE)
LONE_MODIFIED_LABEL = re.compile(
    rf"\W{{0,3}}(?:(?:tanggal|waktu|date|time)\s)?(?:{MODIFIED_LABEL}\W{{0,3}}){{1,3}}{AFTER_LABEL}", re.IGNORECASE
)
ANY_LABEL = re.compile(rf"(?<!\w)(?:({MODIFIED_LABEL})|{LABEL})", re.IGNORECASE)
MODIFIED_WORDS = frozenset(MODIFIED)
WORD = re.compile(r"[^\W\d_]+")
DIGIT = re.compile(r"\d")
# One date for both: `Terbit/diperbarui: 14 Des 2025`.
JOINED = re.compile(r"\s?(?:[/&+]|dan|and|und|et|y)\s?", re.IGNORECASE)
CLOSED_LABEL = re.compile(r"\(\W*$")
# A longer line is no line of dates.
MAX_LABELLED_LENGTH, MAX_LABEL_LENGTH = 400, 40
# Elements without text before a date that are looked past: icons.
MAX_ICONS = 3


def names_edit(text: str) -> bool:
    """True if a word of a text says that something was changed."""
    return not MODIFIED_WORDS.isdisjoint(WORD.findall(text.lower()))


def is_edit(text: str) -> bool:
    """True if all dates of a text are those of edits."""
    if len(text) > MAX_LABELLED_LENGTH:
        return MODIFIED_TEXT.match(text) is not None
    return names_edit(text) and not publication_and_edit(text)[0]


def publication_and_edit(text: str) -> tuple[str, str]:
    """Return the parts of a line that tell the publication date and the last edit, without their labels; "" for a part
    that it does not have.

    A label belongs to the date after it, unless the line opens with a date and ends in a label. What stands before the
    first label is the publication date if no label names one.
    """
    labels = [(label.start(), label.end(), bool(label[1])) for label in ANY_LABEL.finditer(text)]
    merged: list[tuple[int, int, bool]] = []
    for start, end, of_edit in labels:
        if merged and not DIGIT.search(text, merged[-1][1], start):
            first_start, first_end, first_of_edit = merged.pop()
            is_joined = first_of_edit != of_edit and JOINED.fullmatch(text, first_end, start)
            merged.append((first_start, end, (of_edit or first_of_edit) and not is_joined))
        else:
            merged.append((start, end, of_edit))
    if not merged:
        return text, ""
    starts, ends = [start for start, _, _ in merged], [end for _, end, _ in merged]
    opening = text[: starts[0]]
    has_labels_after = (
        DIGIT.search(opening) is not None
        and not DIGIT.search(text, ends[-1])
        and (len(merged) > 1 or CLOSED_LABEL.search(opening) is not None)
    )
    parts = (
        [text[start:end] for start, end in zip([0, *ends], starts, strict=False)]
        if has_labels_after
        else [text[start:end] for start, end in zip(ends, [*starts[1:], len(text)], strict=True)]
    )
    published = [part for part, (_, _, of_edit) in zip(parts, merged, strict=True) if not of_edit]
    edits = [part for part, (_, _, of_edit) in zip(parts, merged, strict=True) if of_edit]
    if not published and not has_labels_after and DIGIT.search(opening):
        published = [opening]
    return published[0] if published else "", edits[0] if edits else ""


def label_before(element: Element) -> str:
    """Return the words directly before an element, in the text around it or in an element of their own; "" if a link
    or a longer text stands there."""
    steps = 0
    while steps <= MAX_ICONS:
        steps += 1
        previous, parent = element.getprevious(), element.getparent()
        text = (previous.tail if previous is not None else parent.text if parent is not None else "") or ""
        if text.strip():
            break
        if previous is None:
            if parent is None or parent.tag == "body":
                return ""
            element = parent
            continue
        if isinstance(previous.tag, str):
            if previous.tag == "a" or not is_shorter_than(previous, MAX_LABEL_LENGTH):
                return ""
            if text := text_of(previous):
                break
        element = previous
    text = re.split(r"[\d|•·]", text)[-1].strip()
    return text if len(text) <= MAX_LABEL_LENGTH else ""
