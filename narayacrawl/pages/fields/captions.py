"""Read one caption of a picture: its text and its credit, which may stand in an element of its own."""

import re
from itertools import islice

from lxml.etree import _Element as Element

from narayacrawl.language.credits import is_full_name
from narayacrawl.language.picture_credits import credit_parts, reads_as_sentence, split_credit
from narayacrawl.pages.outline.blocks import PageBlock, is_shorter_than, text_of

CREDIT_CLASS = re.compile(
    r"credit|kredit|copyright|photographer|fotografer|attribution|courtesy|photo-?by"
    r"|(?:^|[\s_-])(?:source|sumber)(?!-(?:sans|serif|code))(?:[\s_-]|$)",
    re.IGNORECASE,
)
CREDIT_TAGS = ("span", "em", "i", "cite", "small", "a", "b", "strong", "div", "p")
MAX_CAPTION_LENGTH, MAX_CHILDREN = 2_000, 40


def caption_and_credit(block: PageBlock) -> tuple[str | None, str | None]:
    """Return (caption without the credit, credit) of a caption's block; None for a missing one.

    The credit stands in an element that its class names or that ends the caption and reads as one; else in the text.
    """
    element, text = block.element, block.text
    if _is_named(element) and "caption" not in (element.get("class") or "") and _is_name(text):
        return _credit_alone(text)
    children = [*islice(element.iter(*CREDIT_TAGS), MAX_CHILDREN + 1)] if len(element) else []
    if 0 < len(children) <= MAX_CHILDREN and is_shorter_than(element, MAX_CAPTION_LENGTH):
        inline = [(child, own) for child in children if child is not element and (own := text_of(child))]
        for child, own in inline:
            if not _is_named(child) or reads_as_sentence(own):
                continue
            if text == own:
                if _is_name(own):
                    return _credit_alone(own)
            elif text.endswith(own):
                return credit_parts(text[: -len(own)], _credit_alone(own)[1] or own)
            elif text.startswith(own) and len(text) > len(own):
                return text[len(own) :].lstrip(" |–—-,;:") or None, _credit_alone(own)[1]
        if inline:
            child, own = inline[-1]
            if own != text and text.endswith(own) and _reads_as_credit(child, own, text[: -len(own)].rstrip()):
                return credit_parts(text[: -len(own)], _credit_alone(own)[1] or own)
    return split_credit(text)


def _is_named(element: Element) -> bool:
    """True if a class says that an element is a credit."""
    return CREDIT_CLASS.search(element.get("class") or "") is not None


def _is_name(text: str) -> bool:
    """True if a text of its own may be a credit: it has a credit's form, or no word in lower case."""
    return split_credit(text)[0] is None or not any(word[0].islower() for word in text.split())


def _credit_alone(text: str) -> tuple[None, str | None]:
    """Return the credit in a text that is nothing else."""
    caption, credit = split_credit(text)
    return None, credit if caption is None else credit_parts("", text)[1]


def _reads_as_credit(element: Element, own: str, before: str) -> bool:
    """True if an element that ends a caption is its credit: it has a credit's form, or is a name that is set apart."""
    if element.tag in ("a", "b", "strong", "div", "p"):
        return False
    if split_credit(own)[0] is None:
        return True
    bracketed = own[0] in "([" and own[-1] in ")]"
    if not all(map(is_full_name, re.split(r"\s?/\s?", own.strip("()[]")))):
        return False
    previous = element.getprevious()
    follows_another = previous is not None and previous.tag == element.tag and not (previous.tail or "").strip()
    return bracketed or element.tag in ("cite", "small") or before.endswith((".", "!", "?", ")")) or follows_another
