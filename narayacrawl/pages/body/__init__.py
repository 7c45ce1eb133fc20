"""Which blocks of a page are the article's text: container, captions, related links, boilerplate.

May import `pages.outline`, `pages.fields`, `language`, `urls`, `items`.
"""
