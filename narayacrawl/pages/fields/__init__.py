"""Every field beside the body: title, dates, authors, images, sections and tags, metadata.

May import `pages.outline`, `language`, `urls`, `items`.
"""
