"""Make the record of a normalised article, or drop what is none."""

from narayacrawl.items import Article, PublishedArticle
from narayacrawl.pipelines.dropped import Dropped
from narayacrawl.pipelines.record import flaw, record


class ValidateArticlePipeline:
    """Make the record; drop what cannot be an article: no title, no date, neither text nor pictures."""

    def process_item(self, item: PublishedArticle) -> Article:
        article = record(item)
        if reason := flaw(article):
            raise Dropped(reason, item.url)
        return article
