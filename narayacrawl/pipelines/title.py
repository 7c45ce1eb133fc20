"""Clean the title and the other one-line fields."""

from narayacrawl.items import Image, PublishedArticle
from narayacrawl.language.text import clean_text, quote_unseen


def line(text: str | None) -> str | None:
    """Clean one line of text; None where nothing is left."""
    return (clean_text(text) or None) if text else None


def lines(texts: list[str]) -> list[str]:
    """Clean several lines, and leave out empty ones and repetitions."""
    return list(dict.fromkeys(own for text in texts if (own := clean_text(text))))


def paragraphs(text: str | None) -> str | None:
    """Clean paragraphs that an empty line separates; None where nothing is left."""
    return "\n\n".join(lines((text or "").split("\n\n"))) or None


def normalize_title(article: PublishedArticle) -> PublishedArticle:
    """Put title, description, names, sections, tags, language and captions on one clean line each, a standfirst on one
    for each paragraph; no address keeps a character that nobody sees."""
    article.title = line(article.title)
    article.description = line(article.description)
    article.standfirst = paragraphs(article.standfirst)
    article.section = line(article.section)
    article.sections = [own for name in article.sections if (own := clean_text(name))]
    article.authors, article.editors, article.tags = lines(article.authors), lines(article.editors), lines(article.tags)
    article.language, article.portal = line(article.language), line(article.portal)
    article.site_name = line(article.site_name)
    article.url = quote_unseen(article.url)
    article.images = [
        Image(quote_unseen(image.url), line(image.caption), line(image.credit)) for image in article.images
    ]
    for media in article.media:
        media.url = quote_unseen(media.url)
    for link in article.related:
        link.title, link.url = clean_text(link.title), quote_unseen(link.url)
    return article


class NormalizeTitlePipeline:
    """Put the title and every other one-line field on one clean line."""

    def process_item(self, item: PublishedArticle) -> PublishedArticle:
        return normalize_title(item)
