"""Make the record of a normalised article, or drop what is none."""

from narayacrawl.items import Article, PublishedArticle
from narayacrawl.pipelines.dropped import Dropped
from narayacrawl.pipelines.record import record


class ValidateArticlePipeline:
    """Make the record; drop what cannot be an article: no title, no date, neither text nor pictures."""

    def process_item(self, item: PublishedArticle) -> Article:
        article = record(item)
        if not article.title:
            raise Dropped("no title", item.url)
        if article.date is None:
            raise Dropped("no date", item.url)
        if not article.body and not article.images:
            raise Dropped("no body", item.url)
        return article
