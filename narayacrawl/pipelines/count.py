"""Count which fields the articles of a run have, and how long their texts are."""

from typing import Final, Self

from scrapy.crawler import Crawler

from narayacrawl.archive.figures import Figures
from narayacrawl.archive.run import Run
from narayacrawl.items import PublishedArticle

FIELDS: Final = (
    "id",
    "title",
    "description",
    "standfirst",
    "date",
    "modified",
    "authors",
    "editors",
    "section",
    "tags",
    "dateline",
    "images",
    "media",
    "related",
    "language",
    "site_name",
)
"""Fields that are counted as they are: an article has one that is neither empty nor None."""
MAX_PICTURE_POST_LENGTH: Final = 200
MIN_PICTURES: Final = 3
"""An article of so many pictures with a shorter text shows pictures: of its text nothing can be told."""


def count_fields(article: PublishedArticle, figures: Figures) -> None:
    """Count the fields of an article whose title, date and body are normalised."""
    url = article.url
    figures.counts["record/count"] += 1
    for name in FIELDS:
        figures.has(f"field/{name}", url, is_present=bool(getattr(article, name)))
    if article.section:
        figures.sections[article.section] += 1
    figures.has("field/time", url, is_present=article.date_precision in ("second", "minute"))
    figures.has("field/free", url, is_present=article.free is not None)
    images = article.images
    figures.has("field/captions", url, is_present=any(image.caption for image in images))
    figures.has("field/credits", url, is_present=any(image.credit for image in images))
    length = sum(len(block.text) for block in article.blocks)
    if length < MAX_PICTURE_POST_LENGTH and len(images) >= MIN_PICTURES:
        figures.counts["record/pictures"] += 1
        return
    figures.has("field/body", url, is_present=length > 0)
    if length:
        figures.measure(length)
        figures.show("body/length", url)


class CountFieldsPipeline:
    """Count the fields of every article that was read, also of those that validation drops."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Run.of(crawler).figures)

    def process_item(self, item: PublishedArticle) -> PublishedArticle:
        count_fields(item, self.figures)
        return item
