"""HTTP/1.1 for a portal: requests without a body, connections that are kept, and nothing else that a crawler needs."""

import asyncio
from collections.abc import Callable, Mapping

from benchmarks.answers import Answer

Answerer = Callable[[str, Mapping[str, str]], Answer]
"""What is answered at a path with its query, asked for with these headers, their names in lower case."""


class Server(asyncio.Protocol):
    """One connection."""

    def __init__(self, answer: Answerer) -> None:
        self.answer = answer
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
        for request in requests:
            first, *lines = request.decode("latin-1").split("\r\n")
            fields = (line.partition(":") for line in lines)
            answer = self.answer(first.split(" ", 2)[1], {name.lower(): value.strip() for name, _, value in fields})
            told = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items()).encode()
            if answer.kind:
                told = b"Content-Type: %b\r\nContent-Length: %d\r\n%b" % (answer.kind, len(answer.body), told)
            self.transport.write(b"HTTP/1.1 %d \r\n%b\r\n%b" % (answer.status, told, answer.body))


async def serve(made: Callable[[str], Answerer], port: int) -> None:
    """Answer on loopback until ended; the address is printed once it answers. `made` is given it, without a slash."""
    answerers: list[Answerer] = []
    server = await asyncio.get_running_loop().create_server(lambda: Server(answerers[0]), "127.0.0.1", port)
    site = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    answerers.append(made(site))
    print(f"{site}/", flush=True)
    await server.serve_forever()
