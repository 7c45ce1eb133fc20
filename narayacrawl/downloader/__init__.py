"""Every request that is made: Scrapy's downloader, single fetches, headers of an answer.

May import `items`, `urls`, `language`. Knows nothing of pages, ledger or archive.
"""
