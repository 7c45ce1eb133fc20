"""Explain a page: what went into which field, and which rule left out each other block.

Goes in: the explanation, made from what `ArticlePage` keeps of its reading, and its display in a terminal and as an
HTML page; both display only what `Explanation` holds. May import every other room but `commands`.
"""

from narayacrawl.explain.html import html_page
from narayacrawl.explain.terminal import print_explanation

__all__ = ["html_page", "print_explanation"]
