"""Which addresses a crawl of a portal may ask for."""

from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.downloader.address_rule import AddressRule, Refused

HTTPS = "https://kabar.example/"
HTTP = "http://kabar.example/"
OTHER_PORT = "http://kabar.example:8080/"

OWN = [
    (HTTPS, "https://kabar.example/2026/berita/?p=1#isi"),
    (HTTPS, "https://www.kabar.example/"),
    (HTTPS, "https://KABAR.example:443/"),
    (HTTPS, "https://kabar.example./"),
    ("https://www.kabar.example/", "https://kabar.example/"),
    (HTTP, "http://kabar.example:80/"),
    (HTTP, "https://kabar.example/"),
    (OTHER_PORT, "http://www.kabar.example:8080/a"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://xn--bcher-kva.example/", "https://BÜCHER.example/"),
    ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/a@b"),
    ("http://[::1]:8000/", "http://[::1]:8000/"),
    (HTTPS, "https://kabar.example/lompat/https://orang:sandi@lain.example/"),
]
REFUSED = {
    "another domain": (HTTPS, "https://lain.example/", "host"),
    "a subdomain": (HTTPS, "https://video.kabar.example/", "host"),
    "a parent domain": ("https://berita.kabar.example/", "https://kabar.example/", "host"),
    "a domain that begins so": (HTTPS, "https://kabar.example.lain.example/", "host"),
    "a domain that ends so": (HTTPS, "https://lainkabar.example/", "host"),
    "letters that look alike": (HTTPS, "https://kаbar.example/", "host"),
    "an address": (HTTPS, "https://10.0.0.1/", "host"),
    "its www": ("http://127.0.0.1:8000/", "http://www.127.0.0.1:8000/", "host"),
    "loopback in another spelling": ("http://127.0.0.1:8000/", "http://0x7f.1:8000/", "host"),
    "loopback as a number": ("http://127.0.0.1:8000/", "http://2130706433:8000/", "host"),
    "loopback in octal": ("http://127.0.0.1:8000/", "http://017700000001:8000/", "host"),
    "no host": (HTTPS, "https:///berita/", "host"),
    "another port": (HTTPS, "https://kabar.example:8443/", "port"),
    "the port of http by https": (HTTP, "https://kabar.example:80/", "port"),
    "the port of https by http": (HTTP, "http://kabar.example:443/", "port"),
    "http where it is https": (HTTPS, "http://kabar.example/", "port"),
    "the usual port where it is another": (OTHER_PORT, "http://kabar.example/", "port"),
    "another scheme's port": (OTHER_PORT, "https://kabar.example/", "port"),
    "port 0": (HTTPS, "https://kabar.example:0/", "port"),
    "a file": (HTTPS, "file:///etc/passwd", "scheme"),
    "data": (HTTPS, "data:text/html,<h1>Berita</h1>", "scheme"),
    "S3": (HTTPS, "s3://kabar.example/berita", "scheme"),
    "FTP": (HTTPS, "ftp://kabar.example/", "scheme"),
    "no scheme": (HTTPS, "//kabar.example/", "scheme"),
    "a user": (HTTPS, "https://orang@kabar.example/", "userinfo"),
    "a password": (HTTPS, "https://orang:sandi@kabar.example/", "userinfo"),
    "a user elsewhere": (HTTPS, "https://kabar.example@lain.example/", "userinfo"),
    "a user behind a backslash": (HTTPS, "https://kabar.example\\@lain.example/", "userinfo"),
    "brackets without end": (HTTPS, "https://[::1/", "malformed"),
    "a port of letters": (HTTPS, "https://kabar.example:http/", "malformed"),
    "a port too high": (HTTPS, "https://kabar.example:65536/", "malformed"),
}


@pytest.mark.parametrize(("base", "url"), OWN)
def test_the_portals_own_are_asked_for(base: str, url: str) -> None:
    AddressRule([base]).check(url)


@pytest.mark.parametrize(("base", "url", "reason"), REFUSED.values(), ids=REFUSED)
def test_any_other_is_refused(base: str, url: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        AddressRule([base]).check(url)
    assert refused.value.reason == reason
    assert "sandi" not in str(refused.value)


def test_allowed_domains_are_the_portals_on_its_port() -> None:
    rule = AddressRule([HTTPS], ["kabar.example", "kabarkita.example"])
    rule.check("https://www.kabarkita.example/")
    with pytest.raises(Refused, match="another port"):
        rule.check("https://kabarkita.example:8443/")


def test_a_redirect_of_an_https_portal_to_http_is_asked_for_by_https() -> None:
    rule = AddressRule([HTTPS])
    assert rule.own_twin("http://www.kabar.example/a/?p=1") == "https://www.kabar.example/a/?p=1"
    assert rule.own_twin("http://kabar.example:8080/") is None
    assert rule.own_twin("http://lain.example/") is None
    assert AddressRule([HTTP]).own_twin("http://kabar.example/") is None


def test_a_redirect_of_a_mirror_to_its_original_is_asked_of_the_mirror() -> None:
    rule = AddressRule(["http://127.0.0.1:8000/"], ["127.0.0.1"], originals=["kabar.example"])
    assert rule.own_twin("https://www.kabar.example/a/?p=1") == "http://127.0.0.1:8000/a/?p=1"
    assert rule.own_twin("https://kabar.example:8443/") is None
    assert rule.own_twin("http://127.0.0.1:8000/a/") is None
    assert AddressRule([HTTPS], ["kabar.example"], originals=["kabar.example"]).own_twin(HTTPS) is None


@pytest.mark.parametrize(
    ("base", "host", "named"),
    [
        ("http://127.0.0.1:8000/", "127.0.0.1", []),
        ("http://[::1]/", "::1", []),
        ("http://localhost/", "localhost", []),
        ("http://kabar.intranet/", "kabar.intranet", ["kabar.intranet"]),
    ],
)
def test_a_host_may_be_private_that_the_user_has_named_so(base: str, host: str, named: list[str]) -> None:
    assert AddressRule([base], private_hosts=named).check_resolved(host, ["10.0.0.1"]) == ["10.0.0.1"]


@pytest.mark.parametrize("base", [HTTPS, "https://www.kabar.example/", "http://2130706433/", "http://app.localhost/"])
def test_any_other_name_may_not_resolve_to_a_private_address(base: str) -> None:
    host = base.split("/")[2]
    with pytest.raises(Refused) as refused:
        AddressRule([base], private_hosts=["lain.intranet"]).check_resolved(host, ["10.0.0.1", "::1"])
    assert refused.value.reason == "private_address"
    assert f"PRIVATE_HOSTS={host}" in str(refused.value)


def test_private_addresses_beside_public_ones_are_left_out() -> None:
    found = AddressRule([HTTPS]).check_resolved("kabar.example", ["10.0.0.1", "8.8.8.8", "::ffff:127.0.0.1"])
    assert found == ["8.8.8.8"]


@given(
    st.text()
    | st.lists(st.sampled_from([*"/:@[]?#\\.%", "http://", "https:", "kabar.example", "www.", "٨٠", "80"])).map("".join)
)
def test_no_address_raises_anything_else(url: str) -> None:
    rule = AddressRule([HTTPS])
    with suppress(Refused):
        rule.check(url)
        assert urlsplit(url).hostname in rule.hosts | {f"{host}." for host in rule.hosts}
    rule.own_twin(url)
