"""Where addresses come from: REST API, sitemaps, feeds, listings. A file a source; the parsers of answers are pure.

May import `pages`, `downloader`, `ledger`.
"""
