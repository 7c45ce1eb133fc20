"""Saved portals: record a crawl's answers, replay them from disk, compare articles with the golden.

May import `items`, `urls`, `language`, `downloader`.
"""
