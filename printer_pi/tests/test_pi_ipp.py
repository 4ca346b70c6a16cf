"""Queues of CUPS and printers with IPP: bytes go in, and the job is watched."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ipp import Queue, group
from printer_pi import ipp
from printer_pi.ipp_printer import IppPrinter
from printer_pi.sink import SinkError, Status
from printer_pi.uris import parse

GET_PRINTER, PRINT_JOB, CANCEL, GET_JOB = 0x000B, 0x0002, 0x0008, 0x0009


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IppPrinter, "poll_seconds", 0.01)


@pytest.fixture
def queue() -> Iterator[Queue]:
    with Queue() as made:
        yield made


def sink(queue: Queue, stall: float = 5.0, **fields: Any) -> IppPrinter:
    target = parse(queue.uri)
    return IppPrinter(target.url, target.path, stall, **fields)


def send(printer: IppPrinter, data: bytes) -> str:
    printer.open("42-kitchen-j1")
    try:
        printer.write(data)
        return printer.finish()
    finally:
        printer.close()


def test_bytes_go_in_as_they_are_and_the_job_is_watched_to_its_end(
    queue: Queue,
) -> None:
    queue.states = [3, 5, 5, 9]
    assert send(sink(queue), b"\x1b@\x03\x00bytes") == "ipp"
    assert queue.documents == [b"\x1b@\x03\x00bytes"]
    asked = next(given for op, given in queue.requests if op == PRINT_JOB)
    assert asked["document-format"] == [b"application/octet-stream"]
    assert asked["job-name"] == [b"42-kitchen-j1"]
    assert queue.operations.count(GET_JOB) == 4


def test_cups_is_asked_not_to_touch_them(queue: Queue) -> None:
    queue.printer["document-format-supported"] = [
        *("application/pdf", "application/vnd.cups-raw", "application/octet-stream"),
    ]
    send(sink(queue), b"bytes")
    asked = next(given for op, given in queue.requests if op == PRINT_JOB)
    assert asked["document-format"] == [b"application/vnd.cups-raw"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"printer-state": 5, "printer-state-reasons": ["paused"]}, "printer.error"),
        ({"printer-state": 5, "printer-state-reasons": ["none"]}, "printer.error"),
        ({"printer-is-accepting-jobs": False}, "printer.error"),
        ({"printer-state-reasons": ["media-empty-error"]}, "printer.paper_out"),
        ({"printer-state-reasons": ["none", "cover-open"]}, "printer.cover_open"),
        ({"printer-state-reasons": ["offline-report"]}, "printer.offline"),
    ],
)
def test_a_queue_at_fault_takes_nothing(
    queue: Queue, said: dict[str, Any], fault: str
) -> None:
    queue.printer.update(said)
    printer = sink(queue)
    with pytest.raises(SinkError) as caught:
        printer.probe()
    assert (caught.value.code, caught.value.bytes_out) == (fault, False)
    assert printer.status.fault == fault
    assert queue.documents == []


def test_little_paper_is_told(queue: Queue) -> None:
    queue.printer["printer-state-reasons"] = ["media-low-warning"]
    printer = sink(queue)
    printer.probe()
    assert printer.status == Status(paper="low", confirm="ipp")


def test_nobody_there_is_before_the_first_byte() -> None:
    printer = IppPrinter("http://127.0.0.1:1/x", "ipp://127.0.0.1:1/x", 1)
    with pytest.raises(SinkError, match="does not answer") as caught:
        printer.probe()
    assert (caught.value.code, caught.value.bytes_out) == ("printer.offline", False)


def test_a_clear_no_is_before_the_first_byte(queue: Queue) -> None:
    queue.refusal = 0x0507  # server-error-busy
    with pytest.raises(SinkError, match="0x0507") as caught:
        send(sink(queue), b"bytes")
    assert caught.value.bytes_out is False


def test_no_answer_to_the_job_leaves_doubt(queue: Queue) -> None:
    queue.answers_print = False
    with pytest.raises(SinkError) as caught:
        send(sink(queue), b"bytes")
    assert (caught.value.code, caught.value.bytes_out) == ("printer.write", True)


@pytest.mark.parametrize("state", [7, 8])
def test_a_job_that_the_queue_gives_up_leaves_doubt(queue: Queue, state: int) -> None:
    queue.states = [5, state]
    with pytest.raises(SinkError, match="gave the job up") as caught:
        send(sink(queue), b"bytes")
    assert caught.value.bytes_out


def test_a_queue_that_keeps_no_history_has_taken_the_job(queue: Queue) -> None:
    queue.states = [5, None]
    assert send(sink(queue), b"bytes") == "drain"


def test_a_job_that_stands_still_is_taken_back_and_leaves_doubt(queue: Queue) -> None:
    queue.states = [6]
    with pytest.raises(SinkError, match="takes no more") as caught:
        send(sink(queue, stall=0.05), b"bytes")
    assert caught.value.bytes_out
    assert queue.operations[-1] == CANCEL


def test_paper_that_ends_is_waited_for(queue: Queue) -> None:
    queue.states = [6]
    printer = sink(queue, stall=0.2)
    told: list[Status] = []
    printer.on_status = told.append
    printer.open("t")
    printer.write(b"bytes")
    queue.printer["printer-state-reasons"] = ["media-empty-error"]
    done: list[str] = []
    thread = threading.Thread(target=lambda: done.append(printer.finish()))
    thread.start()
    queue.wait(GET_JOB, 60)  # far longer than it may stand still without a reason
    queue.states = [9]
    thread.join(60)
    assert done == ["ipp"]
    assert [status.fault for status in told if status.fault] == ["printer.paper_out"]
    assert len(queue.documents) == 1


def test_a_stop_does_not_wait_for_paper(queue: Queue) -> None:
    queue.states = [6]
    halt = threading.Event()
    printer = sink(queue, halt=halt)
    printer.open("t")
    printer.write(b"bytes")
    queue.printer["printer-state-reasons"] = ["media-empty-error"]
    halt.set()
    with pytest.raises(SinkError, match="the paper is out") as caught:
        printer.finish()
    assert caught.value.bytes_out
    assert queue.operations[-1] == CANCEL


def test_an_answer_is_read_value_by_value() -> None:
    body = b"\x01\x01\x00\x00\x00\x00\x00\x01" + group(
        4, {"a": [1, -2], "b": "x", "c": [True, False], "d": ["y", "z"]}
    )
    found = ipp.answer(body + b"\x03ignored")
    assert found.is_ok
    assert found.attributes == {
        "a": (1, -2),
        "b": ("x",),
        "c": (True, False),
        "d": ("y", "z"),
    }


@given(st.binary(max_size=60))
def test_noise_is_an_error_of_ours_or_an_answer(noise: bytes) -> None:
    with contextlib.suppress(ipp.IppError):
        ipp.answer(noise)
