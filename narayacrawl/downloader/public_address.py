"""Tell public addresses from private ones, also where one stands inside another."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address

NOT_PUBLIC: Final = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001:db8::/32", "3fff::/20", "5f00::/16"))
)
"""Networks of protocols and documentation that older versions of Python call global."""
NAT64: Final = IPv6Network("64:ff9b::/96")
COMPATIBLE: Final = IPv6Network("::/96")
"""Addresses that are an IPv4 address with zeros before it, as none is any more."""


def is_public(text: str) -> bool:
    """True if an address is one that anybody in the internet reaches, whatever form it is written in: mapped, NAT64,
    6to4 and Teredo addresses are what they lead to."""
    return all(_is_public(address) for address in _unwrapped(ip_address(text)))


def is_ip_address(host: str) -> bool:
    """True if a host is an address and no name; `127.1` and `2130706433` are names, which the system's resolver reads
    as addresses."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _unwrapped(address: IPAddress) -> Iterator[IPAddress]:
    """Yield the addresses that a connection to this one comes to."""
    if isinstance(address, IPv4Address):
        yield address
    elif address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address.sixtofour is not None:
        yield address.sixtofour
    elif address.teredo is not None:
        yield from address.teredo
    elif address in NAT64 or address in COMPATIBLE:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)
    else:
        yield address


def _is_public(address: IPAddress) -> bool:
    if any(address in network for network in NOT_PUBLIC if network.version == address.version):
        return False
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
