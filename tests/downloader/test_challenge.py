import pytest
from scrapy.http import HtmlResponse

from narayacrawl.downloader.challenge import OTHER, recognise_wall


@pytest.mark.parametrize(
    ("status", "headers", "body", "wall"),
    [
        (403, {"cf-mitigated": "challenge"}, "", "Cloudflare"),
        (403, {"Server": "cloudflare"}, "Forbidden", "Cloudflare"),
        (403, {"Server": "ddos-guard"}, "", "DDoS-Guard"),
        (202, {"x-amzn-waf-action": "challenge"}, "", "AWS WAF"),
        (403, {"X-Sucuri-Block": "IP"}, "", "Sucuri"),
        (503, {}, "<title>Just a moment...</title>", OTHER),
        (403, {}, '<form><div class="g-recaptcha"></div></form>', OTHER),
        (403, {}, '<iframe src="/_Incapsula_Resource?x=1"></iframe>', OTHER),
        (403, {"Server": "nginx"}, "<title>403 Forbidden</title>", None),
        (200, {"Server": "cloudflare"}, "<title>Just a moment...</title>", None),
        (404, {"Server": "cloudflare"}, "", None),
        (202, {"Server": "cloudflare"}, "", None),
    ],
)
def test_wall_is_recognised(status: int, headers: dict[str, str], body: str, wall: str | None) -> None:
    response = HtmlResponse("https://portal.example/", status, headers=headers, body=body.encode())
    assert recognise_wall(response) == wall
