"""Walk a page once: its blocks in reading order, inline text, tables, and the regions that blocks stand in.

Goes in: what is true of any page, whatever field is read from it later. May import `urls`, `items` and `language`; not
`pages.fields`, `pages.body` or Scrapy.
"""
