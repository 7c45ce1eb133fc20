"""Tell what a page's metadata says of the length of the article's text, and whether a teaser is all that there is."""

from typing import Final

from narayacrawl.language.lengths import count_words, is_much_less
from narayacrawl.language.numbers import read_number
from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.body.stated_body import stated_body
from narayacrawl.pages.fields.metadata import Metadata
from narayacrawl.pages.outline.blocks import fold, visible_text

FEW_WORDS: Final = 60
WORDS_PER_WORD: Final = 4
"""Plugins count a page builder's shortcodes as words, up to five times as many as there are: only of a text of few
words is it believed that there must be more, and only if so many times more are counted."""
MAX_TEASER_LENGTH: Final = 600
"""A text for subscribers that nothing calls whole is a teaser if it is no longer."""
MAX_WORDS_SHARE: Final = 2
"""Before a wall, a text is a teaser if the metadata counts more than so many times its words."""
SAMPLE_LENGTH: Final = 60
"""So many letters out of the midst of a text show whether it stands on the page."""


def stated_words(metadata: Metadata) -> int | None:
    """Return how many words the metadata says there are; None if it does not."""
    count = metadata.article.get("wordCount")
    return read_number(count.replace(",", "").replace(".", "") if isinstance(count, str) else count, most=1_000_000)


def missing_text(page: ArticlePage, text: str) -> str | None:
    """Return what of a page's metadata says that there is much more text than was read of it; None if nothing does."""
    stated = stated_body(page.metadata)
    if is_much_less(len(text), len(stated)) and not _stands_on_page(page, stated):
        return f"JSON-LD articleBody: {len(stated)} characters"
    words = stated_words(page.metadata) or 0
    if words > FEW_WORDS and (own := count_words(text)) < FEW_WORDS and words > WORDS_PER_WORD * own + FEW_WORDS:
        return f"JSON-LD wordCount: {words} words"
    return None


def _stands_on_page(page: ArticlePage, text: str) -> bool:
    """True if the midst of a text can be read on the page, if not in what was taken for the article's."""
    sample = fold(text[len(text) // 2 :])[:SAMPLE_LENGTH]
    return bool(sample) and sample in fold(visible_text(page.selector.root))


def is_teaser(page: ArticlePage, text: str, missing: str | None) -> bool:
    """True if a page says that its text is for subscribers, and gives the beginning of it only; `missing` is what says
    that there is much more."""
    access, words = page.access, stated_words(page.metadata) or 0
    is_closed = access.free is False
    are_words_missing = words > MAX_WORDS_SHARE and words > MAX_WORDS_SHARE * (count_words(text) + 1)
    if missing or access.has_wall or are_words_missing:
        return is_closed or (bool(text) and access.has_wall_like)
    return is_closed and not (words or access.subscriber_text_length or len(text) > MAX_TEASER_LENGTH)
