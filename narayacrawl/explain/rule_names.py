"""Name the rules that leave out blocks, by category, for readers of an explanation.

A rule that is not listed here is shown all the same, in the category `page`.
"""

from typing import Final, Literal, NamedTuple

Category = Literal["article", "links", "offers", "page"]
"""What a block is that a rule leaves out: about the article, a link to other pages, an offer, or part of the page's
frame."""


class Rule(NamedTuple):
    """The category and meaning of a rule."""

    category: Category
    meaning: str
    """What it leaves out; "" if its name says everything."""


RULES: Final = {
    "title": Rule("article", "the headline"),
    "header": Rule("article", "what stands with the headline: byline, date, links"),
    "meta": Rule("article", "byline, date, section"),
    "author": Rule("article", "the author's box"),
    "standfirst": Rule("article", "a written excerpt, or the text's own first words again"),
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
    "box": Rule("offers", "buttons, forms and notes in boxes beside the text"),
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
    """Return the rule of this name; one without a meaning if it is not known."""
    return RULES.get(name, Rule("page", ""))
