"""A portal whose answers are given byte by byte, as no web server writes them."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import socket
from urllib.parse import urlsplit

Raw = bytes | Callable[[socket], None]
"""What is sent, or what sends it; then the connection is closed."""


def answer(body: str | bytes, *header: bytes, status: bytes = b"200 OK") -> bytes:
    """A whole answer with these lines in its header."""
    content = body.encode() if isinstance(body, str) else body
    lines = (b"HTTP/1.1 " + status, b"Content-Type: text/html; charset=UTF-8", *header)
    return b"\r\n".join((*lines, b"Content-Length: %d" % len(content), b"Connection: close", b"", content))


@dataclass
class RawPortal:
    """What a server on loopback answers: 404 where no path is named."""

    url: str
    answers: dict[str, Raw] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """The paths asked for, in order."""
    hosts: set[bytes] = field(default_factory=set)
    """What the requests called the portal."""

    def add(self, path: str, body: str, status: int = 200, **headers: str) -> None:
        """Answer a path as `tests.conftest.Portal` does."""
        lines = [f"{name}: {value}".encode() for name, value in headers.items()]
        self.answers[path] = answer(body, *lines, status=b"%d X" % status)


@contextmanager
def raw_portal() -> Iterator[RawPortal]:
    """A server that answers while this lasts."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            # A proxy is asked for a whole address.
            asked = urlsplit(self.rfile.readline().split(b" ")[1].decode())
            path = f"{asked.path}?{asked.query}" if asked.query else asked.path
            while (line := self.rfile.readline()).strip():
                if line.lower().startswith(b"host:"):
                    served.hosts.add(line.partition(b":")[2].strip())
            served.asked.append(path)
            told = served.answers.get(path) or answer("<h1>Tidak ada</h1>", status=b"404 X")
            try:
                told(self.connection) if callable(told) else self.connection.sendall(told)
            except OSError:
                return  # it hung up

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        served = RawPortal(f"http://127.0.0.1:{server.server_address[1]}/")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        server.shutdown()
        thread.join()
