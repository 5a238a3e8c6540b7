"""Addresses that people set lead out, never in: also by a name, a redirect, or a change of mind of DNS."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from shared import outgoing


class Listener:
    """A server of the neighbourhood that counts who connects to it."""

    def __init__(self) -> None:
        self.connections = 0
        self.heard = b""
        self.answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.heard = await reader.read(10_000)
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    listener.port = server.sockets[0].getsockname()[1]
    async with server:
        yield listener


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Let every name lead to these addresses, one answer after the other."""
    left = list(answers)

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in address.split(",")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo, raising=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/", "http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://2130706433/",
        "http://0.0.0.0/", "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://[fe80::1]/", "http://[fd00::1]/",
        "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://gw.internal/",
        "http://224.0.0.1/", "http://localhost./", "http://[::7f00:1]/", "http://[::ffff:0:7f00:1]/",
        "http://[64:ff9b:1::7f00:1]/", "http://[fec0::1]/", "http://168.63.129.16/", "http://192.0.0.192/",
    ],
)  # fmt: skip
async def test_an_address_inside_is_told_by_its_looks_and_refused_on_connecting(url: str) -> None:
    assert outgoing.leads_inside(url, is_open=False)
    async with outgoing.open_client(is_open=False) as client:
        with pytest.raises(httpx.ConnectError) as refusal:
            await client.get(url)
    assert outgoing.was_refused(refusal.value) or "resolved" in str(refusal.value)


@pytest.mark.parametrize("url", ["https://sms.example/api", "http://8.8.8.8/", "https://[2606:4700::1111]/"])
def test_an_address_on_the_internet_is_not(url: str) -> None:
    assert not outgoing.leads_inside(url, is_open=False)


async def test_a_name_that_leads_inside_is_not_even_knocked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening() as neighbour, outgoing.open_client(is_open=False) as client:
        resolve_to(monkeypatch, "127.0.0.1")
        with pytest.raises(httpx.ConnectError) as refusal:
            await client.get(f"http://sms.example:{neighbour.port}/")
        assert outgoing.was_refused(refusal.value)
        assert neighbour.connections == 0


async def test_a_name_with_one_address_inside_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening() as neighbour, outgoing.open_client(is_open=False) as client:
        resolve_to(monkeypatch, "93.184.216.34,127.0.0.1")
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://sms.example:{neighbour.port}/")
        assert neighbour.connections == 0


async def test_a_name_that_leads_inside_a_moment_later_is_refused_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening() as neighbour, outgoing.open_client(is_open=False, seconds=1) as client:
        resolve_to(monkeypatch, "192.0.2.1", "127.0.0.1")  # the first is a documentation address: not global
        for _ in range(2):
            with pytest.raises(httpx.ConnectError):
                await client.get(f"http://sms.example:{neighbour.port}/")
        assert neighbour.connections == 0


async def test_a_redirect_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first stop stands for one outside: only its address is let pass."""
    async with listening() as outside, listening() as neighbour:
        outside.answer = (
            f"HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1:{neighbour.port}/\r\ncontent-length: 0\r\n\r\n"
        ).encode()
        may = outgoing._may_be_reached
        monkeypatch.setattr(
            outgoing,
            "_may_be_reached",
            lambda address, is_open: str(address) == "127.0.0.1" or may(address, is_open),
        )
        async with outgoing.open_client(is_open=False) as client:
            request = client.build_request("GET", f"http://127.0.0.1:{outside.port}/")
            assert (await outgoing.send(client, request)).status == 302
            with pytest.raises(httpx.ConnectError) as refusal:
                await client.get(f"http://127.0.0.1:{outside.port}/", follow_redirects=True)
        assert outgoing.was_refused(refusal.value)
        assert neighbour.connections == 0


async def test_in_development_this_machine_is_reached_and_a_clouds_metadata_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "development")
    assert outgoing.leads_inside("http://169.254.169.254/")
    async with listening() as simulator, outgoing.open_client() as client:
        url = f"http://127.0.0.1:{simulator.port}/"
        assert not outgoing.leads_inside(url)
        assert (await outgoing.send(client, client.build_request("GET", url))).text == "hi"
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "production")
    assert outgoing.leads_inside(url)


async def test_an_answer_without_end_is_cut_off() -> None:
    async with listening() as flood, outgoing.open_client(is_open=True) as client:
        flood.answer = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000
        with pytest.raises(outgoing.AnswerTooLarge):
            await outgoing.send(client, client.build_request("GET", f"http://127.0.0.1:{flood.port}/"))


async def test_a_short_answer_that_need_not_be_read_leaves_its_connection_to_the_next_call() -> None:
    requests = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        connections.append(writer)
        while await reader.readuntil(b"\r\n\r\n"):
            requests += 1
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")
            if requests == 2:
                writer.close()
                return

    connections: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, outgoing.open_client(is_open=True) as client:
        for _ in range(2):
            answer = await outgoing.send(client, client.build_request("POST", url), is_success_enough=True)
            assert answer.status == 200
    assert (requests, len(connections)) == (2, 1)


def packed_twice(content: bytes) -> bytes:
    return gzip.compress(gzip.compress(content))


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip", "br", "deflate"])
async def test_an_answer_that_is_packed_unasked_takes_no_more_memory_than_was_agreed(encoding: str) -> None:
    """Twice packed, ten megabytes come in two hundred bytes."""
    body = packed_twice(bytes(10_000_000))
    async with listening() as flood, outgoing.open_client(is_open=True) as client:
        flood.answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: %b\r\n\r\n%b" % (encoding.encode(), body)
        request = client.build_request("GET", f"http://127.0.0.1:{flood.port}/")
        tracemalloc.start()
        try:
            with contextlib.suppress(outgoing.AnswerTooLarge, httpx.DecodingError):
                await outgoing.send(client, request)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert most < 2_000_000


async def test_an_answer_that_was_packed_with_gzip_unasked_is_read_all_the_same() -> None:
    async with listening() as there, outgoing.open_client(is_open=True) as client:
        body = gzip.compress(b"{}") + gzip.compress(b"\n")
        there.answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: GZIP\r\n\r\n" + body
        request = client.build_request("GET", f"http://127.0.0.1:{there.port}/")
        assert (await outgoing.send(client, request)).text == "{}\n"
        assert there.heard.lower().count(b"accept-encoding: identity\r\n") == 1
        there.answer = there.answer[:-9]
        with pytest.raises(httpx.DecodingError):
            await outgoing.send(client, request)


async def test_an_answer_that_never_comes_whole_ends_in_time() -> None:
    async with listening() as slow, outgoing.open_client(is_open=True) as client:
        slow.answer = b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhi"
        with pytest.raises((TimeoutError, httpx.RequestError)):
            await outgoing.send(
                client, client.build_request("GET", f"http://127.0.0.1:{slow.port}/"), seconds=0.3
            )


async def test_the_environments_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening() as proxy, listening() as there:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        async with outgoing.open_client(is_open=True) as client:
            await client.get(f"http://127.0.0.1:{there.port}/")
        assert (proxy.connections, there.connections) == (0, 1)


NO_ADDRESSES = [
    "http://[::", "http://xn--", "https://", "http://a:b", "http://a:99999", "http://a:0", "ftp://a", "a",
    "http://user:secret@a.example", "http://user@a.example", "http://a\x7f.example", "http://a.example\n",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_ADDRESSES)
async def test_what_is_no_address_is_told_and_stops_no_queue(url: str) -> None:
    assert not outgoing.is_web_address(url)
    outgoing.leads_inside(url)
    async with outgoing.open_client(seconds=1) as client:
        with contextlib.suppress(httpx.InvalidURL, httpx.RequestError):
            await outgoing.send(client, client.build_request("GET", url))


@pytest.mark.parametrize(
    "url", ["https://a.example", "http://127.0.0.1:1/x?to={to}", "https://é.example/", "http://[::1]:9/"]
)
def test_an_address_with_a_host_is_one(url: str) -> None:
    assert outgoing.is_web_address(url)
