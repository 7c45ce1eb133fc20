"""Walk a WordPress portal: the spider, its arguments, the frontier that hands it due articles, the portal's health."""

from narayacrawl.wordpress.spider import WordPressSpider

__all__ = ["WordPressSpider"]
