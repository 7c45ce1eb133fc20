"""What an explanation is told in: its size, and the rules that leave out blocks, in families and in words.

A rule that is not named here is shown all the same, as one of the page's furniture.
"""

from typing import Final, Literal, NamedTuple

from narayacrawl.explain.explanation import Explanation
from narayacrawl.language.english import counted

Family = Literal["article", "links", "offers", "page"]
"""What a left-out block is: about the article, a way to other pages, something offered, furniture of the page."""


class Rule(NamedTuple):
    """How a legend tells a rule."""

    family: Family
    meaning: str
    """What it leaves out; "" where its name says all."""


RULES: Final = {
    "title": Rule("article", "the headline"),
    "header": Rule("article", "what stands with the headline: byline, date, links"),
    "meta": Rule("article", "byline, date, section"),
    "author": Rule("article", "the author's box"),
    "credit line": Rule("article", "Penulis, Editor, Reporter"),
    "caption": Rule("article", "a picture's caption"),
    "tags": Rule("article", "links to tags and sections"),
    "dateline": Rule("article", "place and portal before the first paragraph"),
    "end marker": Rule("article", "(*), *** and initials after the last paragraph"),
    "embed": Rule("article", "a post or video of another site"),
    "related": Rule("links", "links to other articles: Baca juga"),
    "navigation": Rule("links", "menus, breadcrumbs, page links"),
    "share": Rule("links", "links to social networks"),
    "ad": Rule("offers", "advertisements"),
    "placeholder": Rule("offers", "words where an advertisement or embed stands"),
    "promo": Rule("offers", "what the portal says of itself"),
    "blurb": Rule("offers", "follow us, read on in the app"),
    "newsletter": Rule("offers", "subscriptions"),
    "popup": Rule("offers", "windows over the page, consent"),
    "comments": Rule("page", "readers' comments and their form"),
    "sidebar": Rule("page", "widgets beside the article"),
    "footer": Rule("page", "the site's footer"),
    "form": Rule("page", "forms"),
    "hidden": Rule("page", "text for screen readers only"),
    "other": Rule("page", "outside the body's element, named by no rule"),
}


def rule_of(name: str) -> Rule:
    """The rule of this name; one without a meaning where it is not known."""
    return RULES.get(name, Rule("page", ""))


def size(explanation: Explanation) -> str:
    """`12 blocks, 3,412 characters, 2 pictures`: how much was kept."""
    pictures = sum(block.fate == "kept" and block.kind == "image" for block in explanation.blocks)
    characters = sum(len(block.text) for block in explanation.kept)
    told = f"{counted(len(explanation.kept), 'block')}, {characters:,} characters"
    return f"{told}, {counted(pictures, 'picture')}" if pictures else told
