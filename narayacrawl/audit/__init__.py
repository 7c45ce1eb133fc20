"""Compare the ledger and the archive with what the portal's sources list, and repair what they lack.

May import everything below the commands. Only `scrapy audit` imports it.
"""
