"""A newsroom whose portal answers what nobody should, a bystander that nothing may ask, and measured crawls."""

import asyncio
import json
import resource
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, Final

from benchmarks.answers import HTML, Answer
from benchmarks.portal import PARTS, Portal
from benchmarks.server import Server
from tests.desk import Newsroom, Reader, served
from tests.portals import Crawl

ARTICLES: Final = 12
"""One that is missing is less than a tenth."""
CPU: Final = 60
MEMORY: Final = 500
"""Bounds of a crawl: seconds of the processor; MB resident, at the most."""
EXACT: Final = ("url", "id", "title", "date", "body", "section", "authors")
"""Fields that are held against what the portal holds."""

Chunks = Callable[[], Iterable[bytes]]
"""What is sent instead of an answer, bit by bit."""
Raw = Callable[[str], Chunks | None]
"""What is sent for a path; None where an answer will do."""


@dataclass
class Room(Newsroom):
    """A newsroom that can answer anything."""

    raw: list[Raw] = field(default_factory=list)
    elsewhere: str = ""
    """The bystander's address: another port of the same machine."""
    strayed: list[str] = field(default_factory=list)
    """What the bystander was asked for."""
    unspoiled: set[str] = field(default_factory=set)
    """Texts that were to be replaced, and were in no answer."""

    def path(self, number: int) -> str:
        return self.path_of(number)

    def send(self, starts: str, chunks: Chunks) -> None:
        """Send this for whatever begins with this path."""
        self.raw.append(lambda path: chunks if path.startswith(starts) else None)

    def give(self, starts: str, body: str | bytes, status: int = 200, kind: bytes = HTML, **headers: str) -> None:
        """Answer so whatever begins with this path."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.insert(0, lambda path, _: (
            Answer(status, kind, content, named) if path.startswith(starts) else None
        ))  # fmt: skip

    def change(self, starts: str, old: str, new: str, times: int = 1) -> None:
        """Replace a text in what begins with this path; `unspoiled` has it until that is done."""
        self.unspoiled.add(old)

        def changed(path: str, answer: Answer) -> Answer:
            if answer.status != 200 or old.encode() not in answer.body:
                return answer
            self.unspoiled.discard(old)
            body = answer.body.replace(old.encode(), new.encode("utf-8", "surrogatepass"), times)
            return answer._replace(body=body)

        self.rewrite(starts, changed)

    def repair(self) -> None:
        self.replies.clear()
        self.raw.clear()


class HostileServer(Server):
    """One connection, on which anything may be sent."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.answer)
        self.room = room
        self.sending: asyncio.Task[None] | None = None

    def data_received(self, data: bytes) -> None:
        path = data.split(b" ", 2)[1].decode("latin-1") if data.count(b" ") > 1 else ""
        chunks = next((chunks for raw in self.room.raw if (chunks := raw(path)) is not None), None)
        if chunks is None:
            super().data_received(data)
        else:
            self.room.asked.append((path, {}))
            self.sending = asyncio.get_running_loop().create_task(self.send(chunks()))

    async def send(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self.transport.write(chunk)
            while self.transport.get_write_buffer_size() > 1_000_000 and not self.transport.is_closing():  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            await asyncio.sleep(0 if chunk else 0.05)  # an empty one is a pause
            if self.transport.is_closing():
                return
        self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self.sending is not None:
            self.sending.cancel()


@contextmanager
def hostile_room() -> Iterator[Room]:
    """A portal of a dozen articles on loopback, and a bystander on another port."""
    rooms: list[Room] = []

    def stray(path: str, _: Mapping[str, str]) -> Answer:
        rooms[0].strayed.append(path)
        return Answer(200, HTML, b"<h1>Rahasia</h1><p>" + b"Ini bukan berita. " * 30)

    with served(lambda: HostileServer(rooms[0]), lambda: Server(stray)) as [own, other]:
        rooms.append(Room(Portal(ARTICLES, own, having=PARTS), elsewhere=other))
        yield rooms[0]


def watch(folder: Path, names: Mapping[str, str]) -> None:
    """Have this process note every connection that it attempts to another machine, and at its end what it took.
    `names` are all that its resolver knows, beside addresses."""

    def note(line: object) -> None:
        with (folder / "outside").open("a") as file:
            file.write(f"{line}\n")

    def is_loopback(host: str) -> bool:
        try:
            return ip_address(host.partition("%")[0]).is_loopback
        except ValueError:
            return False

    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}

    def guarded(name: str, self: socket.socket, *args: Any) -> Any:
        address = args[-1]
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(str(address[0])):
            note(address)
            raise OSError(f"{address} is outside")
        return real[name](self, *args)

    for name in real:
        setattr(socket.socket, name, lambda self, *args, name=name: guarded(name, self, *args))
    resolve = socket.getaddrinfo

    def resolved(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if is_loopback(name) or name in names:
            return resolve(names.get(name, name), *args, **options)
        note(f"lookup of {name}")
        raise socket.gaierror(socket.EAI_NONAME, f"{name} is outside")

    socket.getaddrinfo = resolved
    resource.setrlimit(resource.RLIMIT_CPU, (2 * CPU, 2 * CPU))

    def tell() -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        told = {"cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
        (folder / "used").write_text(json.dumps(told))

    Finalize(None, tell, exitpriority=0)  # nothing else is called where a forked process ends


@dataclass
class HostileReader(Reader):
    """Crawls a hostile portal, watched."""

    names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.prepare = partial(watch, self.folder, self.names)

    @property
    def outside(self) -> str:
        noted = self.folder / "outside"
        return noted.read_text() if noted.exists() else ""

    @property
    def used(self) -> dict[str, float]:
        told: dict[str, float] = json.loads((self.folder / "used").read_text())
        return told

    def crawl(self, *args: str) -> Crawl:
        (self.folder / "used").unlink(missing_ok=True)
        return super().crawl(*args)

    def last_revisions(self) -> dict[str, dict[str, Any]]:
        """The archive's articles by their address, each as it was written last."""
        return {record["url"]: record for record in self.archived()}


def absent(reader: HostileReader, room: Room) -> set[int]:
    """The articles that the archive lacks."""
    archived = reader.last_revisions()
    return {number for number in range(1, ARTICLES + 1) if room.portal.content.record(number)["url"] not in archived}


def differing(reader: HostileReader, room: Room, missing: Iterable[int] = ()) -> list[str]:
    """Name what the archive has otherwise than the portal has, beside articles that may be missing."""
    archived = reader.last_revisions()
    found = []
    for number in range(1, ARTICLES + 1):
        true = room.portal.content.record(number)
        own = archived.pop(true["url"], None)
        if own is None:
            found += [] if number in missing else [f"{number} is missing"]
        elif wrong := [name for name in EXACT if own[name] != true[name]]:
            found.append(f"{number}: {', '.join(f'{name} {str(own[name])[:80]!r}' for name in wrong)}")
    return [*found, *(f"{url} is foreign" for url in archived)]
