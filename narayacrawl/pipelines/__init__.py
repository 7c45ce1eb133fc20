"""From what a page says to the record in the archive: normalise title, date and body, validate, select, revise, write.

Settings name each pipeline by its full path. The functions that `extract` calls, too, import no Scrapy.
May import `items`, `language`, `ledger`, `archive`.
"""
