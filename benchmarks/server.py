"""Serve a portal over HTTP/1.1: requests without a body, persistent connections, no more than a crawler needs."""

import asyncio
from collections.abc import Callable, Mapping

from benchmarks.answers import Answer

AnswerFunction = Callable[[str, Mapping[str, str]], Answer]
"""Returns the answer at a path with its query, given the request's headers, their names in lower case."""


class Server(asyncio.Protocol):
    """One connection."""

    def __init__(self, answer: AnswerFunction) -> None:
        self.answer = answer
        self.unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self.unread = (self.unread + data).split(b"\r\n\r\n")
        for request in requests:
            request_line, *lines = request.decode("latin-1").split("\r\n")
            fields = (line.partition(":") for line in lines)
            answer = self.answer(
                request_line.split(" ", 2)[1], {name.lower(): value.strip() for name, _, value in fields}
            )
            headers = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items()).encode()
            if answer.kind:
                headers = b"Content-Type: %b\r\nContent-Length: %d\r\n%b" % (answer.kind, len(answer.body), headers)
            self.transport.write(b"HTTP/1.1 %d \r\n%b\r\n%b" % (answer.status, headers, answer.body))


async def serve(make: Callable[[str], AnswerFunction], port: int) -> None:
    """Serve on loopback until interrupted; print the address once it is ready. `make` is called with the address,
    without a slash at its end."""
    functions: list[AnswerFunction] = []
    server = await asyncio.get_running_loop().create_server(lambda: Server(functions[0]), "127.0.0.1", port)
    site = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    functions.append(make(site))
    print(f"{site}/", flush=True)
    await server.serve_forever()
