"""Recognise an answer that no portal has given, but a wall before it: a page that a browser is to solve, or a block."""

import re
from collections.abc import Mapping
from typing import Final

from scrapy.http import Response

from narayacrawl.downloader.fetch import header

STATUSES: Final = frozenset({202, 401, 403, 405, 406, 429, 503})
"""Statuses of walls; 202 and 405 are those of AWS."""
SIZE: Final = 20_000
"""Bytes of a page that are looked at: a wall's is short, and names itself at its top."""
HEADERS: Final[Mapping[str, str]] = {
    "cf-mitigated": "Cloudflare",
    "x-amzn-waf-action": "AWS WAF",
    "x-sucuri-block": "Sucuri",
    "x-datadome": "DataDome",
    "x-vercel-mitigated": "Vercel",
}
SERVERS: Final[Mapping[str, str]] = {
    "cloudflare": "Cloudflare",
    "ddos-guard": "DDoS-Guard",
    "sucuri/cloudproxy": "Sucuri",
    "imunify360-webshield": "Imunify360",
    "akamaighost": "Akamai",
}
"""Servers that stand before others, whose refusals may be their own."""
TELLS: Final = re.compile(
    rb"<title>\s*(?:just a moment|attention required|one moment, please|please wait|access denied|human verification"
    rb"|security check|checking your browser|ddos protection|verifying)"
    rb"|_incapsula_resource|/cdn-cgi/challenge-platform|window\._cf_chl_opt|imunify360|wordfence|g-recaptcha|h-captcha"
    rb"|cf-turnstile|sgcaptcha",
    re.IGNORECASE,
)
OTHER: Final = "a page that a browser is to solve"


def recognise_wall(response: Response) -> str | None:
    """Return whose wall has given an answer, by its headers or its page; None if none has, as far as they tell."""
    if response.status not in STATUSES:
        return None
    for name, wall in HEADERS.items():
        if response.headers.get(name):
            return wall
    if response.status == 202:
        return None
    server = (header(response, "Server") or "").lower()
    if wall := next((wall for name, wall in SERVERS.items() if server.startswith(name)), ""):
        return wall
    return OTHER if TELLS.search(response.body[:SIZE]) else None
