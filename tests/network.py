"""A network of loopback alone, below what is tested: names are played, and whatever else is connected to is told."""

import os
import socket
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

OUTSIDE: Final = "CONNECTED TO THE OUTSIDE"
"""What stands on stderr where a process tried to leave loopback."""


def play(names: Mapping[str, Sequence[str]]) -> None:
    """Have names resolve to these addresses in this process, any other name to none, and refuse every connection but to
    loopback."""

    def addresses(host: str | bytes) -> Sequence[str]:
        name = host.decode() if isinstance(host, bytes) else host
        try:
            return names[name] if name in names else [socket.inet_ntoa(socket.inet_aton(name))]
        except OSError:
            raise socket.gaierror(socket.EAI_NONAME, f"no such name is played: {name}") from None

    def getaddrinfo(host: str | bytes, port: int, *_: Any) -> list[Any]:
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses(host)
        ]

    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        connect(self, _checked(self, address))

    def guarded_ex(self: socket.socket, address: Any) -> int:
        return connect_ex(self, _checked(self, address))

    patched: Any = socket
    patched.getaddrinfo = getaddrinfo
    patched.gethostbyname = lambda host: addresses(host)[0]
    patched.socket.connect = guarded
    patched.socket.connect_ex = guarded_ex


def _checked(own: socket.socket, address: Any) -> Any:
    is_loopback = own.family == socket.AF_UNIX or address[0] == "::1" or str(address[0]).startswith("127.")
    return address if is_loopback else _refuse(address)


def _refuse(address: Any) -> NoReturn:
    os.write(2, f"{OUTSIDE}: {address}\n".encode())
    raise ConnectionRefusedError(OUTSIDE)
