"""Connect to a portal's host at an address that was checked: what a name resolves to is looked at on the way.

What Twisted takes and gives is of its interfaces, which mypy does not know: `Any`.
"""

# ruff: noqa: N802, N803 - Twisted's names
from typing import Any, Final

from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import (
    IHostnameResolver,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
    IStreamClientEndpoint,
)
from twisted.python.failure import Failure
from twisted.web.client import URI
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from narayacrawl.downloader.address_rule import AddressRule, Refused


@implementer(IAgentEndpointFactory)
class PortalEndpointFactory:
    """Makes the endpoints of one crawl's requests: the host is one of the portal's, and its address is checked.

    TLS is begun with the host's name, whatever address is connected to.
    """

    def __init__(
        self, reactor: Any, policy: Any, rule: AddressRule, timeout: float, bind_address: tuple[str, int] | None
    ) -> None:
        self.reactor = reactor
        self.policy = policy
        self.rule = rule
        self.timeout = timeout
        self._bindAddress: Final = bind_address  # Scrapy's agent reads it by this name

    def endpointForURI(self, uri: URI) -> Any:
        host = uri.host.decode("ascii").strip("[]")
        # Once more, as Twisted has read the address.
        self.rule.check_origin(uri.scheme.decode("ascii"), host, uri.port)
        endpoint: Any = CheckedEndpoint(self.reactor, self.rule, host, uri.port, self.timeout, self._bindAddress)
        if uri.scheme == b"http":
            return endpoint
        return wrapClientTLS(self.policy.creatorForNetloc(uri.host, uri.port), endpoint)


@implementer(IStreamClientEndpoint)
class CheckedEndpoint:
    """Connects to a host by name, at those of its addresses that the rule allows."""

    def __init__(
        self,
        reactor: Any,
        rule: AddressRule,
        host: str,
        port: int,
        timeout: float,
        bind_address: tuple[str, int] | None,
    ) -> None:
        self.resolver = CheckedResolver(reactor.nameResolver, rule)
        resolving = _Resolving(reactor, self.resolver)
        self.endpoint = HostnameEndpoint(resolving, host, port, timeout=timeout, bindAddress=bind_address)

    def connect(self, protocolFactory: Any) -> Any:
        def explain(failure: Failure) -> Any:
            return self.resolver.refusal or failure

        return self.endpoint.connect(protocolFactory).addErrback(explain)


@implementer(IHostnameResolver)
class CheckedResolver:
    """Resolves names as another resolver does, and passes on what addresses the rule allows."""

    def __init__(self, resolver: Any, rule: AddressRule) -> None:
        self.resolver = resolver
        self.rule = rule
        self.refusal: Failure | None = None
        """Why none of the addresses was passed on: a `Refused`."""

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **kwargs: Any) -> Any:
        receiver = _CheckedAddresses(self, resolutionReceiver, hostName)
        return self.resolver.resolveHostName(receiver, hostName, *args, **kwargs)


@implementer(IResolutionReceiver)
class _CheckedAddresses:
    """Receives all addresses of a name before any is passed on."""

    def __init__(self, resolver: CheckedResolver, receiver: Any, host: str) -> None:
        self.resolver = resolver
        self.receiver = receiver
        self.host = host
        self.addresses: list[Any] = []

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self.receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address)

    def resolutionComplete(self) -> None:
        allowed: list[str] = []
        try:
            allowed = self.resolver.rule.check_resolved(self.host, [address.host for address in self.addresses])
        except Refused:
            self.resolver.refusal = Failure()  # type: ignore[no-untyped-call]
        for address in self.addresses:
            if address.host in allowed:
                self.receiver.addressResolved(address)
        self.receiver.resolutionComplete()


@implementer(IReactorPluggableNameResolver)
class _Resolving:
    """A reactor with another resolver."""

    def __init__(self, reactor: Any, resolver: CheckedResolver) -> None:
        self._reactor = reactor
        self.nameResolver = resolver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)
