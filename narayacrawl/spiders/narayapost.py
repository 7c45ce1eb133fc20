"""NarayaPost: nothing of its theme is known, so nothing is named here."""

from narayacrawl.wordpress import WordPressSpider


class NarayapostSpider(WordPressSpider):
    name = "narayapost"
    allowed_domains = ["narayapost.com"]
    start_urls = ["https://narayapost.com/"]
