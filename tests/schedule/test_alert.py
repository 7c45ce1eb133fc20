"""Whoever is to be told of a failure gets a mail or a post."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from scrapy.settings import Settings

from narayacrawl.schedule import alert

TEXT = "narayacrawl-narayapost failed on dermaga:\ndiblokir: 9 dari 9 jawaban\nexit status 1\n"


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """The command, with an address and what it reads."""

    def run(address: str, text: str) -> None:
        monkeypatch.setattr("sys.argv", ["alert", address])
        monkeypatch.setattr("sys.stdin", StringIO(text))
        alert.main()

    return run


@pytest.fixture
def serve() -> Iterator[Callable[[socketserver.TCPServer], None]]:
    servers: list[tuple[socketserver.TCPServer, threading.Thread]] = []

    def start(server: socketserver.TCPServer) -> None:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        servers.append((server, thread))
        thread.start()

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_mail_says_which_unit_failed_and_has_its_last_lines(
    tell: Callable[[str, str], None],
    serve: Callable[[socketserver.TCPServer], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bytes] = []
    received: list[bytes] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 dermaga\r\n")
            for line in self.rfile:
                asked.append(line.strip())
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 \r\n")
                    received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.wfile.write(b"221 \r\n" if line.upper().startswith(b"QUIT") else b"250 \r\n")

    server = socketserver.TCPServer(("127.0.0.1", 0), Session)
    serve(server)
    settings = Settings(
        {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": server.server_address[1], "MAIL_FROM": "a@contoh.example"}
    )
    monkeypatch.setattr("narayacrawl.schedule.alert.get_project_settings", lambda: settings)
    tell("editor@contoh.example", TEXT)
    [mail] = [message_from_bytes(content, policy=default) for content in received]
    assert (mail["To"], mail["From"]) == ("editor@contoh.example", "a@contoh.example")
    assert mail["Subject"] == "narayacrawl-narayapost failed on dermaga"
    assert mail.get_content().splitlines() == TEXT.splitlines()
    assert b"RCPT TO:<EDITOR@CONTOH.EXAMPLE>" in [line.upper() for line in asked]


@pytest.mark.parametrize("lines", [3, 300])
def test_post_is_short_enough_and_ends_with_the_status(
    lines: int, tell: Callable[[str, str], None], serve: Callable[[socketserver.TCPServer], None]
) -> None:
    posted: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silent: stderr is the tests'."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    serve(server)
    tell(f"http://127.0.0.1:{server.server_port}/", "a failed on b:\n" + "baris\n" * lines + "exit status 1\n")
    [post] = posted
    assert post["content"].startswith("a failed on b:\n")
    assert post["content"].endswith("baris\nexit status 1\n")
    assert len(post["content"]) < 2000
    assert post["text"].count("baris") == lines


def test_address_that_does_not_answer_is_one_line(tell: Callable[[str, str], None]) -> None:
    with pytest.raises(SystemExit, match=r"^not told to http://127\.0\.0\.1:9/: .*refused"):
        tell("http://127.0.0.1:9/", TEXT)
