"""Read Indonesian (and other languages') dates, datelines, bylines, credits; clean text as the record holds it. Pure.

Imports nothing of this package but `items`: no Scrapy, no I/O, no clock.
"""
