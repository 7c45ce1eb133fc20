"""Add to an article what only the REST API tells of it."""

from datetime import datetime

from narayacrawl.items import PublishedArticle
from narayacrawl.language.picture_credits import split_credit
from narayacrawl.pages.fields.images import picture_key
from narayacrawl.pages.outline.inline import plain_text
from narayacrawl.sources.rest_parser import RestPost


def add_rest_details(article: PublishedArticle, post: RestPost) -> PublishedArticle:
    """Add to an article what only the API tells: its dates to the second and the lead image's caption."""
    if post.published and article.date_source in (None, "text", "url"):
        article.date, article.date_source = post.published, "rest"
    elif post.published and is_in_utc(article.date, post.published):
        article.date = post.published  # the same moment, with the portal's own offset
    article.modified = article.modified or post.modified
    lead = article.images[0] if article.images else None
    if (
        lead
        and post.image
        and post.caption
        and not lead.caption
        and not lead.credit
        and picture_key(lead.url) == picture_key(post.image)
    ):
        lead.caption, lead.credit = split_credit(plain_text(post.caption))
    return article


def is_in_utc(words: str | None, moment: str) -> bool:
    """True if a date's words are this moment (ISO 8601), told in UTC."""
    try:
        date = datetime.fromisoformat(words or "")
    except ValueError:
        return False
    return date.tzinfo is not None and not date.utcoffset() and date == datetime.fromisoformat(moment)
