"""Read every field but the body: headline, dates, authors, images, section and tags, metadata.

Goes in: one module for each field or for each place that fields are read from. May import `pages.outline`, `language`,
`urls` and `items`; not `pages.body`, `pages.article` or Scrapy.
"""
