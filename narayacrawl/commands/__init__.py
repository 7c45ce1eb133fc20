"""The commands of `scrapy`, beside Scrapy's own: one file a command, which imports what it needs when it runs.

May import every room; no room imports a command.
"""
