"""Scrapy extensions: what runs beside a crawl and is told by signals.

May import every room below the commands.
"""
