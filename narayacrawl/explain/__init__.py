"""An explanation of a page, shown: in a terminal and as an HTML page. Both print only what `Explanation` holds."""

from narayacrawl.explain.html import html_page
from narayacrawl.explain.terminal import print_explanation

__all__ = ["html_page", "print_explanation"]
