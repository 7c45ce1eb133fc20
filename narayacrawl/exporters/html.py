"""Write pages of HTML that need nothing but a browser: no script, nothing fetched, all text of a portal escaped.

A content security policy in the page forbids both to anything that might slip through.
"""

from html import escape
from typing import Final

from narayacrawl.language.text import clean_text

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
WEB: Final = ("http://", "https://")


def page(title: str, style: str, body: str) -> str:
    """Return a complete page; `title` and `body` are HTML already."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def escape_text(value: object, limit: int | None = None) -> str:
    """Escape a text, without invisible characters; one of more characters than `limit` is cut."""
    cleaned = clean_text(str(value))
    return escape(cleaned if limit is None or len(cleaned) <= limit else cleaned[:limit].rstrip() + " …")


def link(url: str, limit: int | None = None) -> str:
    """Return an address as a link, which shows at most `limit` characters of it; as a text if it is none of the web."""
    shown = escape_text(url, limit)
    if not url.lower().startswith(WEB):
        return shown
    return f'<a href="{escape_text(url)}" rel="noreferrer noopener">{shown}</a>'
