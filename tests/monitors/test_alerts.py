import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from narayacrawl.monitors.alerts import Channels, Ended, alert
from narayacrawl.monitors.outcome import BUSY, FAILED, GOOD, INTERRUPTED, MISUSED, UNTRUSTED
from tests.conftest import ROOT, Scrapy
from tests.desk import served

NOON = datetime(2026, 6, 1, 5, tzinfo=UTC)
LATER = timedelta(minutes=15)
ALARM = {"field/authors": "authors in 0 of 31 articles"}


def ended(
    status: int, reason: str | None = None, *, alarms: dict[str, str] | None = None, judged: bool = False
) -> Ended:
    details = {"portal": "narayapost", "status": status, "reason": reason}
    return Ended(status, f"narayapost: {status}", f"why: {reason}", reason, alarms or {}, judged, details)


FINE = ended(GOOD, judged=True)
NOTHING_NEW = ended(GOOD)
ALARMED = ended(UNTRUSTED, "1 alarm", alarms=ALARM)
FAILURE = ended(FAILED, "3 of 10 articles lost")


class Sink:
    """Takes what channels send, and answers with a status."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.mailed: list[str] = []
        self.status = 200


class WebHook(asyncio.Protocol):
    """One request of a webhook's server."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.received = sink, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, _, body = self.received.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")), 0
        )
        if len(body) < length or b"\r\n\r\n" not in self.received:
            return
        self.sink.posted.append(json.loads(body))
        where = "Location: /\r\n" if self.sink.status == 302 else ""
        self.transport.write(f"HTTP/1.1 {self.sink.status} X\r\n{where}Content-Length: 0\r\n\r\n".encode())
        self.transport.close()


class MailServer(asyncio.Protocol):
    """One connection of a mail server."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.received, self.is_message = sink, "", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 surat\r\n")

    def data_received(self, data: bytes) -> None:
        self.received += data.decode()
        if self.is_message:
            if self.received.endswith("\r\n.\r\n"):
                self.sink.mailed.append(self.received.removesuffix("\r\n.\r\n"))
                self.is_message, self.received = False, ""
                self.transport.write(b"250 ok\r\n")
            return
        *lines, self.received = self.received.split("\r\n")
        for line in lines:
            self.is_message = line.upper() == "DATA"
            self.transport.write({"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(line.upper(), b"250 ok\r\n"))


@contextmanager
def sent(**settings: str) -> Iterator[tuple[Channels, Sink]]:
    """Channels whose mail server and webhook are on loopback."""
    sink = Sink()
    with served(lambda: WebHook(sink), lambda: MailServer(sink)) as [hook, mail]:
        own = {"ALERT_MAIL": "a@x.example, b@x.example", "ALERT_WEBHOOK": hook, "MAIL_HOST": "127.0.0.1"}
        own |= {"MAIL_PORT": mail.rpartition(":")[2], "MAIL_FROM": "arsip@x.example"}
        yield Channels.of(Settings(own | settings)), sink


def test_mail_and_webhook_tell_why_a_run_ended_so() -> None:
    with sent() as (channels, sink):
        assert channels.send("alert", ALARMED) == []
    [posted] = sink.posted
    assert (posted["event"], posted["portal"], posted["status"]) == ("alert", "narayapost", UNTRUSTED)
    assert posted["text"] == "narayapost: 3\nwhy: 1 alarm"
    mail = message_from_string(sink.mailed[0])
    assert (mail["To"], mail["From"]) == ("a@x.example, b@x.example", "arsip@x.example")
    assert mail["Subject"] == "[narayacrawl] narayapost: 3"
    assert mail.get_payload() == "why: 1 alarm"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_a_webhook_refuses_is_a_line_and_is_sent_again(tmp_path: Path, status: int) -> None:
    with sent(ALERT_MAIL="") as (channels, sink):
        sink.status = status
        [line] = alert(channels, FAILURE, tmp_path, NOON)
        assert line.startswith("alert not sent (webhook): ")
        sink.status = 200
        assert alert(channels, FAILURE, tmp_path, NOON + LATER) == []
    assert [own["event"] for own in sink.posted] == ["alert", "alert"]


def test_a_mail_server_that_is_not_there_keeps_no_webhook_from_being_told(tmp_path: Path) -> None:
    with sent(MAIL_PORT="1") as (channels, sink):
        [line] = alert(channels, FAILURE, tmp_path, NOON)
    assert line.startswith("alert not sent (mail to a@x.example, b@x.example): ")
    assert len(sink.posted) == 1


@pytest.mark.parametrize(
    ("runs", "events"),
    [
        pytest.param([ALARMED, ALARMED, ALARMED], ["alert"], id="the same again"),
        pytest.param([FAILURE, replace(FAILURE, reason="9 of 12 articles lost")], ["alert"], id="other figures"),
        pytest.param([FAILURE, ended(FAILED, "unreachable: no page")], ["alert", "alert"], id="another failure"),
        pytest.param([ALARMED, replace(ALARMED, alarms={"http": ""})], ["alert", "alert"], id="another alarm"),
        pytest.param([FAILURE, NOTHING_NEW, NOTHING_NEW], ["alert", "recovered"], id="recovered once"),
        pytest.param([ALARMED, NOTHING_NEW, ALARMED], ["alert"], id="nothing new is no recovery from an alarm"),
        pytest.param([ALARMED, FINE, ALARMED], ["alert", "recovered", "alert"], id="again after it was well"),
        pytest.param([ended(MISUSED, "no spider")], ["alert"], id="called wrongly"),
        pytest.param([ended(BUSY, "another run"), ended(INTERRUPTED), FINE], [], id="nothing to tell"),
    ],
)
def test_people_are_told_once_for_each_change(tmp_path: Path, runs: list[Ended], events: list[str]) -> None:
    with sent(ALERT_MAIL="") as (channels, sink):
        for number, run in enumerate(runs):
            assert alert(channels, run, tmp_path, NOON + number * LATER) == []
    assert [own["event"] for own in sink.posted] == events


def test_people_are_reminded_after_a_day(tmp_path: Path) -> None:
    with sent(ALERT_MAIL="") as (channels, sink):
        for hours in (0, 23, 25, 26):
            alert(channels, ALARMED, tmp_path, NOON + timedelta(hours=hours))
    assert len(sink.posted) == 2


def test_without_a_folder_to_remember_in_each_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "alerts.json").write_text('["half')
    with sent(ALERT_MAIL="") as (channels, sink):
        alert(channels, FAILURE, tmp_path / "none", NOON)
        alert(channels, FAILURE, None, NOON)
        alert(channels, FAILURE, tmp_path, NOON)
    assert len(sink.posted) == 3


@pytest.mark.slow
def test_a_crawl_tells_of_itself_and_keeps_its_status(scrapy: Scrapy, tmp_path: Path) -> None:
    options = ["-s", f"ARCHIVE={tmp_path}", "-s", "RETRY_TIMES=0", "-a", "url=http://127.0.0.1:1/"]
    with sent() as (channels, sink):
        options += ["-s", f"ALERT_WEBHOOK={channels.webhook}"]
        assert scrapy("crawl", "narayapost", *options, cwd=ROOT).returncode == FAILED
        assert scrapy("crawl", "narayapost", *options, cwd=ROOT).returncode == FAILED
        assert scrapy("crawl", "narayapst", *options, cwd=ROOT).returncode == MISUSED
    assert [(own["status"], own["portal"]) for own in sink.posted] == [(FAILED, "narayapost"), (MISUSED, "narayapst")]
    done = scrapy("crawl", "narayapost", *options, "-s", "ALERT_MAIL=a@x.example", "-s", "MAIL_PORT=1", cwd=ROOT)
    assert done.returncode == FAILED
