"""What a stranger may send to any of our ports before anybody asks who they are."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import pytest
import pytest_asyncio
import uvicorn

from shared import http_server
from shared.http_server import LimitedProtocol, until_stopped
from tests import patience

Wire: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect: TypeAlias = Callable[[], Awaitable[Wire]]


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers how many bytes came; `/unread` answers without reading, `/long` says much."""
    size, more = 0, scope["path"] == "/"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(400 if scope["path"] == "/long" else 0):
        await send({"type": "http.response.body", "body": bytes(65_536), "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest_asyncio.fixture
async def connect(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connect]:
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(http_server, "BODY_CHECK_SECONDS", 0.5)
    monkeypatch.setattr(http_server, "LINGER_SECONDS", 0.5)
    monkeypatch.setattr(http_server, "UNREAD_SECONDS", 0.5)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(_echo, http=LimitedProtocol, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        host, port = listening.getsockname()

        async def dial() -> Wire:
            return await asyncio.open_connection(host, port)

        yield dial
        server.should_exit = True
        await serving


async def test_a_request_that_a_stop_cuts_short_may_be_sent_again() -> None:
    begun = asyncio.Event()

    async def waits(_scope: Any, _receive: Any, _send: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            until_stopped(waits), http=LimitedProtocol, lifespan="off", log_config=None,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        await begun.wait()
        server.should_exit = True
        answer = await _answer(reader)
        writer.close()
        await serving
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nretry-after: 1\r\n" in answer
    assert b'"status": 503' in answer


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the server closes."""
    async with asyncio.timeout(patience.SECONDS):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def _send(wire: Wire, *parts: bytes) -> bytes:
    reader, writer = wire
    for part in parts:
        writer.write(part)
    return await _answer(reader)


async def test_an_ordinary_request_is_answered_and_its_connection_used_again(connect: Connect) -> None:
    reader, writer = await connect()
    for size in (0, 5, 300_000):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + bytes(size))
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert await reader.readuntil(b"0\r\n\r\n")
    writer.close()


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nX-A: " + b"a" * 200_000,
        b"GET / HTTP/1.1\r\nX-A: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % number for number in range(200)) + b"\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["a header without an end", "a large header", "many headers", "a long address"],
)
async def test_a_head_without_limit_is_refused(connect: Connect, head: bytes) -> None:
    assert (await _send(await connect(), head)).startswith(b"HTTP/1.1 431")


async def test_trailers_without_limit_are_refused(connect: Connect) -> None:
    start = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-A: "
    assert (await _send(await connect(), start, b"a" * 200_000)).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost:",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["nothing", "half a head", "half a body", "no chunk"],
)
async def test_half_a_request_is_not_kept(connect: Connect, half: bytes) -> None:
    assert (await _send(await connect(), half)).startswith(b"HTTP/1.1 408")


async def test_a_body_that_drips_is_not_kept(connect: Connect) -> None:
    reader, writer = await connect()
    writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")

    async def drip() -> None:
        while True:
            writer.write(b"a")
            await asyncio.sleep(0.1)

    dripping = asyncio.create_task(drip())
    assert (await _answer(reader)).startswith(b"HTTP/1.1 408")
    dripping.cancel()


async def test_what_was_answered_already_is_not_read_to_its_end(connect: Connect) -> None:
    reader, writer = await connect()
    writer.write(b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000000\r\n\r\n")

    async def pour() -> None:
        while True:
            writer.write(bytes(10_000))
            await asyncio.sleep(0.01)

    pouring = asyncio.create_task(pour())
    async with asyncio.timeout(patience.SECONDS):
        assert (await reader.readuntil(b"0\r\n\r\n")).startswith(b"HTTP/1.1 200")
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
    pouring.cancel()


async def test_a_reader_that_takes_nothing_is_cut_off(connect: Connect) -> None:
    reader, writer = await connect()
    writer.write(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
    await asyncio.sleep(2)
    read = 0
    async with asyncio.timeout(patience.SECONDS):
        try:
            while part := await reader.read(1_000_000):
                read += len(part)
        except ConnectionResetError:
            pass
    assert read < 400 * 65_536


async def test_one_connection_too_many_is_turned_away_with_when_to_come_again(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", 2)
    wires = [await connect() for _ in range(3)]
    answer = await _answer(wires[2][0])
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 1\r\n" in answer
