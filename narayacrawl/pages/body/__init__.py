"""Choose the blocks of a page that are the article's text: container, captions, standfirst, related links, boilerplate.

Goes in: every rule that keeps a block out of the body, since nothing is dropped from a body anywhere else. May import
`pages.outline`, `pages.fields`, `language`, `urls` and `items`; not `pages.article` or Scrapy.
"""
