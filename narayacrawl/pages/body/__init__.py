"""Choose the blocks of a page that are the article's text: container, captions, standfirst, related links, boilerplate.

Goes in: every rule that drops a block inside the body's container; no block is dropped anywhere else. May import
`pages.outline`, `pages.fields`, `language`, `urls` and `items`; not `pages.article` or Scrapy.
"""
