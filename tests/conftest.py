"""A temporary project with a stand-in spider, `scrapy` run in it, and a portal on loopback."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Protocol

import pytest
from hypothesis import HealthCheck, settings

from tests.forked import PATIENCE, run_scrapy

ROOT = Path(__file__).parents[1]

# Hypothesis would fail an example that takes long by the clock, which says nothing on a machine under load.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")


class Scrapy(Protocol):
    """Runs `scrapy ARGUMENTS` in the temporary project, or in `cwd`; stdout is kept unless a file is given for it."""

    def __call__(
        self,
        *args: str,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        stdout: IO[bytes] | int = subprocess.PIPE,
    ) -> subprocess.CompletedProcess[str]: ...


@dataclass
class Portal:
    """What a server on loopback answers: a path's status, headers and body; 404 for any other path."""

    url: str
    pages: dict[str, tuple[int, dict[str, str], str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """The paths asked for, in order."""
    before: Callable[[str], str | None] = lambda _: None
    """The page that is answered whatever `pages` say; None for what they do."""

    def add(self, path: str, body: str, status: int = 200, **headers: str) -> None:
        self.pages[path] = (status, {"Content-Type": "text/html; charset=UTF-8"} | headers, body)

    def add_articles(self, *titles: str) -> None:
        """A listing at `/` that links to `/1/`, `/2/` … with these headlines."""
        numbered = list(enumerate(titles, 1))
        self.add("/", "".join(f'<a href="/{number}/">{title}</a>' for number, title in numbered))
        for number, title in numbered:
            self.add(f"/{number}/", f"<h1>{title}</h1>")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "tests" / "standin", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def environment() -> dict[str, str]:
    """What `scrapy` runs with: this checkout's package, and nothing of the caller's project or CI."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "SCRAPY_SETTINGS_MODULE"}}
    return inherited | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}


@pytest.fixture
def scrapy(project: Path, environment: dict[str, str]) -> Scrapy:
    def run(
        *args: str,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        stdout: IO[bytes] | int = subprocess.PIPE,
    ) -> subprocess.CompletedProcess[str]:
        if stdout is subprocess.PIPE and not any(name.startswith("PYTHON") for name in env or {}):
            return run_scrapy(args, cwd or project, environment | (env or {}))
        # What Python itself reads, and what is left of an output that cannot be written, is a new one's.
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *args],
            cwd=cwd or project,
            env=environment | (env or {}),
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )

    return run


@pytest.fixture
def portal() -> Iterator[Portal]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            status, headers, body = served.pages.get(self.path, (404, {"Content-Type": "text/html"}, "<h1>Gone</h1>"))
            if (page := served.before(self.path)) is not None:
                status, headers, body = 200, {"Content-Type": "text/html"}, page
            content = body.encode(errors="surrogateescape")  # what is no text
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(content))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Silent: stderr is the tests'."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = Portal(f"http://127.0.0.1:{server.server_port}/")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        server.shutdown()
        thread.join()
