"""What is connected to for a name: the address that was checked, and no other."""

# ruff: noqa: N802, N803 - Twisted's names
# mypy: disable-error-code="no-untyped-call"
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IHostnameResolver, IReactorPluggableNameResolver
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock
from twisted.web.client import URI
from zope.interface import implementer

from narayacrawl.downloader.address_rule import AddressRule, Refused
from narayacrawl.downloader.endpoint import PortalEndpointFactory

PUBLIC, ANOTHER = "8.8.8.8", "2606:4700::1111"


@implementer(IHostnameResolver)
class StubResolver:
    """Answers with the addresses that a test names, and with others when it is asked again."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def resolveHostName(self, receiver: Any, name: str, portNumber: int = 0, *_: Any, **__: Any) -> None:
        self.asked.append(name)
        receiver.resolutionBegan(None)
        for address in self.answers.pop(0):
            made = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(made("TCP", address, portNumber))
        receiver.resolutionComplete()


@implementer(IReactorPluggableNameResolver)
class Reactor(MemoryReactorClock):
    """Remembers what is connected to."""

    def __init__(self, resolver: StubResolver) -> None:
        super().__init__()
        self.nameResolver: Any = resolver

    @property
    def connected(self) -> list[tuple[str, int]]:
        return [client[:2] for client in self.tcpClients]


class Policy:
    """Tells with which name TLS is begun."""

    def __init__(self) -> None:
        self.names: list[bytes] = []

    def creatorForNetloc(self, hostname: bytes, port: int) -> object:
        self.names.append(hostname)
        return object()


def connect(resolver: StubResolver, rule: AddressRule, url: str) -> tuple[Reactor, list[Any]]:
    """The reactor after an endpoint was told to connect, and what it failed with."""
    reactor, failures = Reactor(resolver), []
    factory = PortalEndpointFactory(reactor, Policy(), rule, 30, None)
    connecting = factory.endpointForURI(URI.fromBytes(url.encode())).connect(Factory.forProtocol(Protocol))
    connecting.addErrback(lambda failure: failures.append(failure.value))
    reactor.advance(1)
    return reactor, failures


RULE = AddressRule(["http://kabar.example/"])


def test_the_address_that_was_checked_is_connected_to() -> None:
    resolver = StubResolver([PUBLIC], ["127.0.0.1"])
    reactor, _ = connect(resolver, RULE, "http://kabar.example/berita/")
    assert (resolver.asked, reactor.connected) == (["kabar.example"], [(PUBLIC, 80)])


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:10.0.0.1", "fe80::1%lo", "100.64.0.1"])
def test_a_private_address_is_not_connected_to(address: str) -> None:
    reactor, [failure] = connect(StubResolver([address]), RULE, "http://kabar.example/")
    assert reactor.connected == []
    assert isinstance(failure, Refused)
    assert address in str(failure)


def test_only_the_public_ones_of_several_addresses_are_tried() -> None:
    reactor, _ = connect(StubResolver(["10.0.0.1", PUBLIC, "::1", ANOTHER]), RULE, "http://www.kabar.example/")
    assert sorted(reactor.connected) == sorted([(PUBLIC, 80), (ANOTHER, 80)])


def test_a_name_without_an_address_is_not_found() -> None:
    reactor, [failure] = connect(StubResolver([]), RULE, "http://kabar.example/")
    assert (reactor.connected, type(failure)) == ([], DNSLookupError)


@pytest.mark.parametrize(
    ("rule", "url", "address"),
    [
        (AddressRule(["http://127.0.0.1:8000/"]), "http://127.0.0.1:8000/", "127.0.0.1"),
        (AddressRule(["http://localhost:8000/"]), "http://localhost:8000/", "127.0.0.1"),
        (
            AddressRule(["http://kabar.intranet:8000/"], private_hosts=["kabar.intranet"]),
            "http://kabar.intranet:8000/",
            "10.0.0.1",
        ),
    ],
)
def test_a_host_that_may_be_private_is_connected_to(rule: AddressRule, url: str, address: str) -> None:
    reactor, _ = connect(StubResolver([address]), rule, url)
    assert reactor.connected == [(address, 8000)]


@pytest.mark.parametrize("url", ["http://lain.example/", "http://kabar.example:8080/", "http://a@kabar.example/"])
def test_another_host_gets_no_endpoint(url: str) -> None:
    with pytest.raises(Refused):
        connect(StubResolver([PUBLIC]), RULE, url)


def test_tls_is_begun_with_the_name() -> None:
    policy = Policy()
    factory = PortalEndpointFactory(Reactor(StubResolver([PUBLIC])), policy, RULE, 30, None)
    factory.endpointForURI(URI.fromBytes(b"https://kabar.example/"))
    assert policy.names == [b"kabar.example"]
