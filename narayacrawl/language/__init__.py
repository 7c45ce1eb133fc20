"""Read the language of news pages: dates, datelines, bylines, credits, labels; clean text as the record holds it.

Goes in: functions of text alone, Indonesian first, other languages where portals need them. May import nothing else of
this package; no Scrapy, no I/O, no clock (the current time is an argument).
"""
