"""Decide which addresses a crawl may ask for: those of its portal, and nothing else.

`Downloader` asks before each request, a redirect's and a retry's, too; the download handler once more before it
connects.
"""

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Final, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import BaseSettings

from narayacrawl.downloader.public_address import is_ip_address, is_public
from narayacrawl.urls import USERINFO, moved

Reason: TypeAlias = Literal["scheme", "userinfo", "host", "port", "malformed", "private_address"]

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
MAX_CHECKED: Final = 100
NO_CREDENTIALS: Final = (
    "an address with a user name or a password in it is not asked for: give them to Scrapy as the spider's http_user,"
    " http_pass and http_auth_domain"
)


class Refused(IgnoreRequest):
    """A request that would leave the portal. Its text is one line that says why, without credentials."""

    def __init__(self, reason: Reason, why: str) -> None:
        super().__init__(why)
        self.reason = reason


class AddressRule:
    """The hosts, schemes and ports of one portal, and which of its hosts may be private.

    Where no portal is named, as by a spider without `start_urls`, any host may be asked for.
    """

    def __init__(
        self,
        base_urls: Iterable[str],
        domains: Iterable[str] = (),
        private_hosts: Iterable[str] = (),
        originals: Iterable[str] = (),
    ) -> None:
        self.base_urls = tuple(base_urls)
        bases = [urlsplit(url) for url in self.base_urls]
        own = [host for host in [*(base.hostname for base in bases), *domains] if host]
        self.hosts = frozenset(twin for host in own for twin in _with_and_without_www(host))
        self.originals = frozenset(twin for host in originals for twin in _with_and_without_www(host)) - self.hosts
        """Hosts of the portal that a mirror is of: what leads there is asked of the mirror."""
        self.origins = frozenset(origin for base in bases for origin in _origins(base.scheme, base.port))
        """Schemes and ports."""
        self.is_https = self.origins == {("https", DEFAULT_PORTS["https"])}
        self._checked: set[str] = set()
        """What addresses begin with that were checked, up to their path."""
        named = frozenset(map(_ascii, private_hosts))
        self.may_be_private = frozenset(
            host for host in self.hosts if host in named or host == "localhost" or is_ip_address(host)
        )
        """Hosts that may be private: the user has written an address or `localhost` for the portal, or names them."""

    @classmethod
    def of(cls, spider: Spider, settings: BaseSettings) -> Self:
        """Return the rule for a spider's portal: its `start_urls` and `allowed_domains`, the setting PRIVATE_HOSTS."""
        domains: list[str] = getattr(spider, "allowed_domains", [])
        originals: list[str] = getattr(type(spider), "allowed_domains", [])
        return cls(spider.start_urls, domains, settings.getlist("PRIVATE_HOSTS"), originals)

    def check(self, url: str) -> None:
        """Raise `Refused` for an address that is not the portal's."""
        end = url.find("/", len("https://"))
        origin = url if end < 0 else url[:end]
        if origin not in self._checked:
            self.check_origin(*read_origin(url))
            if len(self._checked) < MAX_CHECKED:
                self._checked.add(origin)

    def own_twin(self, url: str) -> str | None:
        """Return the address to ask for where a redirect names the portal otherwise: an https portal by http, for
        behind a proxy WordPress may not know by which scheme it is read; a mirror by its original's host. None for any
        other address."""
        if not (self.originals or (self.is_https and url.startswith("http:"))):
            return None
        with suppress(Refused):
            scheme, host, port = read_origin(url)
            if port != DEFAULT_PORTS[scheme]:
                return None
            if _ascii(host) in self.originals:
                return moved(url, self.base_urls[0])
            if self.is_https and scheme == "http" and _ascii(host) in self.hosts:
                parts = urlsplit(url)
                return parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80")).geturl()
        return None

    def check_origin(self, scheme: str, host: str, port: int) -> None:
        """Raise `Refused` for a host that is not the portal's, or another port of it."""
        if not self.hosts:
            return
        if _ascii(host) not in self.hosts:
            raise Refused("host", f"it leads off the portal, to {host or 'no host'}")
        if (scheme, port) not in self.origins:
            raise Refused("port", f"it leads to another port of the portal, {scheme} on {port}")

    def check_resolved(self, host: str, addresses: Iterable[str]) -> list[str]:
        """Return which of the addresses that a name resolves to may be connected to; raise `Refused` if it resolves to
        private ones only."""
        addresses = list(addresses)
        if not self.hosts or _ascii(host) in self.may_be_private:
            return addresses
        public = [address for address in addresses if is_public(address)]
        if addresses and not public:
            raise Refused(
                "private_address",
                f"{host} resolves to {addresses[0]}, which is no public address (-s PRIVATE_HOSTS={host} allows it)",
            )
        return public


def read_origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an http or https address; raise `Refused` for anything else, and where a user
    name or a password stands in it."""
    if USERINFO.match(url):
        raise Refused("userinfo", NO_CREDENTIALS)
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise Refused("malformed", f"no address: {error}") from error
    if scheme not in DEFAULT_PORTS:
        raise Refused("scheme", f"{scheme or 'no scheme'} is neither http nor https")
    return scheme, host or "", DEFAULT_PORTS[scheme] if port is None else port


def _with_and_without_www(host: str) -> tuple[str, ...]:
    host = _ascii(host)
    if is_ip_address(host):
        return (host,)
    bare = host.removeprefix("www.")
    return (bare, f"www.{bare}")


def _origins(scheme: str, port: int | None) -> tuple[tuple[str, int], ...]:
    """Return the schemes and ports of a portal that is crawled at this one."""
    port = DEFAULT_PORTS.get(scheme, 0) if port is None else port
    if (scheme, port) == ("http", 80):
        return (("http", 80), ("https", 443))
    if (scheme, port) == ("https", 443):
        return (("https", 443),)
    return (("http", port), ("https", port))


@lru_cache(maxsize=1_000)
def _ascii(host: str) -> str:
    """Return a host as it is asked for in the DNS: lower case, Punycode, without the root's dot."""
    with suppress(UnicodeError):  # no such name: it is nobody's
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    return host.lower().removesuffix(".")
