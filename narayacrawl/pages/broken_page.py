"""Tell from a page's HTML that it was broken off: by an error of WordPress or PHP, or before its end."""

import re
from typing import Final

# WordPress prints its error page into the page that it happened on (`_default_wp_die_handler`).
ERROR_PAGE: Final = re.compile(r"<body id=[\"']error-page[\"']|class=[\"']wp-die-message[\"']")
# What PHP prints of a fatal error, in any language of the portal; nothing of the page comes after it.
PHP_ERROR: Final = re.compile(r"(?:Fatal|Parse) error(?:</b>)?:\s.{1,2000}? on line ", re.DOTALL)
END: Final = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
TAIL_LENGTH: Final = 20_000
"""Comments and scripts may stand behind the end of a page."""


def is_closed(html: str) -> bool:
    """True if a page's HTML comes to its end. Some portals' pages never do."""
    tail = html[-TAIL_LENGTH:]
    return "</html>" in tail or "</body>" in tail or END.search(tail) is not None


def error_in(html: str) -> str | None:
    """Return which error has broken a page off; None if it shows none."""
    tail = html[-TAIL_LENGTH:]  # nothing of the page comes after either
    # Most pages have none of these words, which is found out at once.
    if ("wp-die-message" in tail or "error-page" in tail) and ERROR_PAGE.search(tail):
        return "WordPress' error message stands in it"
    if "Fatal error" not in tail and "Parse error" not in tail:
        return None
    error = PHP_ERROR.search(tail)
    return "PHP's error message ends it" if error and not is_closed(tail[error.end() :]) else None
