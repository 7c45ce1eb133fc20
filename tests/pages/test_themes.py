"""Reading holds on the article pages of themes, and whatever plugins put into the text."""

import pytest

from narayacrawl import Image, RelatedLink, extract
from tests.pages.themes.known import THEMES
from tests.pages.themes.plugins import ADDRESS, ANYWHERE, BELOW, HEADLINE, INLINE
from tests.pages.themes.post import LEAD, NAME, SECTION, TAGS, URL, Theme
from tests.pages.themes.story import BRIEF, CLASSIC, MORE, TEXT, Part, Story, blocks, breaks, divs
from tests.slow import only_quick

FETCHED = "2025-12-16T00:00:00+00:00"
STORIES = {
    "metadata": Story(TEXT, blocks),
    "no metadata": Story(TEXT, blocks, told=False),
    "brief": Story(BRIEF, blocks),
    "brief without metadata": Story(BRIEF, blocks, told=False),
    "long": Story((*TEXT[:4], *MORE, *TEXT[4:]), blocks, lazy="data-src"),
    "line breaks": Story(CLASSIC, breaks, told=False, lazy="data-lazy-src"),
    "bare divs": Story(CLASSIC, divs, told=False),
    "AMP": Story(TEXT, blocks, lazy="amp-img"),
    "two authors": Story(TEXT, blocks, told=False, people=("Sari Wulandari", "Hendra Gunawan")),
}
QUICK = ("metadata", "no metadata", "long", "line breaks")
# A body with a name, one without in a post, and one without in a page without names.
WRITTEN = tuple(theme for theme in THEMES if theme.name in ("Wpberita", "Newsup", "unnamed"))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("variant", only_quick(STORIES, QUICK))
def test_reads_every_field_of_the_themes_page(theme: Theme, variant: str) -> None:
    story = STORIES[variant]
    assert_reads(theme, story)


@pytest.mark.parametrize("theme", WRITTEN, ids=lambda theme: theme.name)
@pytest.mark.parametrize("plugin", ANYWHERE)
def test_what_a_plugin_puts_into_the_text_is_none_of_it(theme: Theme, plugin: str) -> None:
    own = Part("plugin", ANYWHERE[plugin])
    for parts in ((own, *TEXT), (*TEXT[:1], own, *TEXT[1:]), (*TEXT, own)):
        assert_reads(theme, Story(parts, blocks, told=False))


@pytest.mark.parametrize("theme", WRITTEN, ids=lambda theme: theme.name)
@pytest.mark.parametrize("plugin", BELOW)
def test_a_plugins_list_of_others_below_the_text_is_none_of_it(theme: Theme, plugin: str) -> None:
    assert_reads(theme, Story((*TEXT, Part("plugin", BELOW[plugin])), blocks, told=False))


@pytest.mark.parametrize("theme", WRITTEN, ids=lambda theme: theme.name)
@pytest.mark.parametrize("plugin", INLINE)
def test_a_plugins_related_line_tells_its_link(theme: Theme, plugin: str) -> None:
    story = Story((*TEXT[:1], Part("plugin", INLINE[plugin]), *TEXT[1:]), blocks, told=False)
    assert_reads(theme, story, RelatedLink(HEADLINE, ADDRESS))


def assert_reads(theme: Theme, story: Story, *related: RelatedLink) -> None:
    """Every field of the article is right; `related` come before the story's own."""
    article = extract(theme.page(story), URL, fetched_at=FETCHED)
    assert article.body.split("\n\n") == story.body
    assert (article.title, article.dateline) == (story.title, f"BANJARMASIN, {NAME}")
    assert_published_at(
        article.date, "21:35" if theme.timed or story.told else "00:00", known=theme.dated or story.told
    )
    assert article.authors == ([*story.people] if theme.signed or story.told else [])
    assert article.editors == story.editors
    if theme.filed or story.told:
        assert article.section == SECTION
    assert article.tags == ([*TAGS] if theme.tagged or story.told else [])
    assert article.related == [*related, *story.related]
    lead = (
        Image(LEAD, "Feri Ulin Jaya merapat di dermaga seberang.", "Bayu Pratama") if theme.captioned else Image(LEAD)
    )
    shown = theme.pictured or story.told
    assert [image for image in article.images if "/2025/12/" in image.url] == [
        *([lead] if shown else []),
        *story.images,
    ]
    assert article.id == (412 if theme.posted or story.told else None)


def assert_published_at(date: str | None, hour: str, *, known: bool) -> None:
    """The date is right to the minute, in the portal's zone; None where the page tells none."""
    if known:
        assert date is not None
        assert (date[:16], date[-6:]) == (f"2025-12-14T{hour}", "+07:00")
    else:
        assert date is None
