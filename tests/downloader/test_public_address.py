"""Which addresses are public."""

import pytest

from narayacrawl.downloader.public_address import is_ip_address, is_public

PUBLIC = [
    "8.8.8.8",
    "103.10.66.1",
    "2606:4700::1111",
    "2001:4860:4860::8888%eth0",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
    "2001:0:808:808:0:0:f7f7:f7f7",
]
PRIVATE = {
    "this host": "0.0.0.0",
    "loopback": "127.8.9.1",
    "a private network": "10.0.0.1",
    "another": "172.31.255.254",
    "a third": "192.168.1.1",
    "shared by a provider": "100.64.0.1",
    "of one link": "169.254.169.254",
    "for protocols": "192.0.0.8",
    "for documentation": "203.0.113.9",
    "for benchmarks": "198.18.0.1",
    "multicast": "224.0.0.251",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "none, of IPv6": "::",
    "loopback of IPv6": "::1",
    "of one link of IPv6": "fe80::1%eth0",
    "local of IPv6": "fd00::1",
    "site-local": "fec0::1",
    "multicast of IPv6": "ff02::1",
    "documentation of IPv6": "2001:db8::1",
    "mapped": "::ffff:10.0.0.1",
    "mapped, in hexadecimal": "::ffff:7f00:1",
    "compatible": "::7f00:1",
    "by NAT64": "64:ff9b::a9fe:a9fe",
    "by a NAT64 of one's own": "64:ff9b:1::808:808",
    "by 6to4": "2002:c0a8:101::1",
    "by Teredo, its server": "2001:0:a00:1:0:0:f7f7:f7f7",
    "by Teredo, its client": "2001:0:808:808:0:0:f5ff:fffe",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE.values(), ids=PRIVATE)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.1", "0x7f.0.0.1", "2130706433", "017700000001", "localhost", "", "1.2.3.4."])
def test_a_spelling_that_only_resolvers_read_is_a_name(host: str) -> None:
    assert not is_ip_address(host)
