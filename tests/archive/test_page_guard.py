"""A page that takes too long is stopped, the article that is being read is noted, and nothing of it outlasts a step."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest

from narayacrawl.archive import page_guard
from narayacrawl.archive.page_guard import READING, PageGuard, PageTooSlow


@pytest.fixture(autouse=True)
def _little_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(page_guard, "MAX_SECONDS", 0.1)
    monkeypatch.setattr(page_guard, "REPEATED_AFTER", 0.02)
    yield
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def work(seconds: float) -> None:
    end = process_time() + seconds
    while process_time() < end:
        pass


async def forever() -> None:
    while True:
        pass


async def catching_everything() -> None:
    while True:
        with suppress(Exception):
            work(10)


async def catching_the_first_time() -> None:
    try:
        work(10)
    except BaseException:  # noqa: BLE001
        work(10)


async def in_many_steps() -> None:
    while True:
        work(0.02)
        await asyncio.sleep(0)


async def in_a_callback_of_c() -> None:
    while True:
        list(map(work, [0.001] * 1_000))


@pytest.mark.parametrize(
    "page", [forever, catching_everything, catching_the_first_time, in_many_steps, in_a_callback_of_c]
)
def test_a_page_that_takes_too_long_is_stopped(page: object, tmp_path: Path) -> None:
    guard = PageGuard(tmp_path)
    with pytest.raises(PageTooSlow, match=r"^takes more than \d+ s of the processor$"):
        asyncio.run(guarded(guard, page()))  # type: ignore[operator]
    guard.close()
    assert PageGuard(tmp_path).left_behind is None


async def guarded(guard: PageGuard, page: "asyncio.Future[object]") -> object:
    return await guard.read(page, 7)  # type: ignore[arg-type]


def test_others_may_work_while_a_page_waits(tmp_path: Path) -> None:
    noted: list[int | None] = []

    async def waiting() -> str:
        noted.append(PageGuard(tmp_path).left_behind)
        await asyncio.sleep(0)
        noted.append(PageGuard(tmp_path).left_behind)
        return "read"

    async def crawl() -> str:
        reading = asyncio.ensure_future(guarded(PageGuard(tmp_path), waiting()))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        noted.append(PageGuard(tmp_path).left_behind)
        work(0.3)
        return str(await reading)

    assert asyncio.run(crawl()) == "read"
    assert (noted, PageGuard(tmp_path).left_behind) == ([7, None, 7], None)


def test_what_a_page_raises_is_raised(tmp_path: Path) -> None:
    async def failing() -> None:
        await asyncio.sleep(0)
        raise KeyError("x")

    with pytest.raises(KeyError):
        asyncio.run(guarded(PageGuard(tmp_path), failing()))  # type: ignore[arg-type]
    assert PageGuard(tmp_path).left_behind is None


def test_a_page_that_is_given_up_is_told(tmp_path: Path) -> None:
    told: list[str] = []

    async def waiting() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    async def crawl() -> None:
        reading = asyncio.ensure_future(guarded(PageGuard(tmp_path), waiting()))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    asyncio.run(crawl())
    assert told == ["cancelled"]


def test_what_is_no_reading_takes_as_long_as_it_takes(tmp_path: Path) -> None:
    guard = PageGuard(tmp_path)

    async def writing() -> str:
        guard.pause()
        work(0.3)
        return "written"

    assert asyncio.run(guarded(guard, writing())) == "written"  # type: ignore[arg-type]


def test_another_thread_has_no_timer() -> None:
    """Signals arrive in the main thread, whatever runs there."""
    done: list[object] = []

    async def long() -> str:
        work(0.3)
        return "read"

    def run() -> None:
        done.append(asyncio.run(guarded(PageGuard(None), long())))  # type: ignore[arg-type]

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert done == ["read"]


@pytest.mark.parametrize("note", ["", "0", "x", "9" * 30, "-1"])
def test_a_note_that_nobody_wrote_names_no_article(note: str, tmp_path: Path) -> None:
    (tmp_path / READING).write_text(note)
    assert PageGuard(tmp_path).left_behind is None


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("x")
    (tmp_path / READING).symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic"):
        PageGuard(tmp_path)
    assert (tmp_path / "other").read_text() == "x"
