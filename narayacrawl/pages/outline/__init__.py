"""One walk over a page: its blocks in reading order, inline text, tables, the regions that blocks stand in.

May import `language`, `urls`, `items`.
"""
