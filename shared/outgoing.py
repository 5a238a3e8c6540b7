"""The way out to addresses that people set: never to this machine or its neighbours.

The name is resolved here and the connection goes to the very address that was judged, so that neither a
redirect nor a name that resolves elsewhere a moment later leads inside. Loopback and private networks are
open in development alone; link-local addresses, where clouds keep credentials, never are.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import httpcore
import httpx
from opentelemetry.trace import SpanKind

from shared.telemetry import PROVIDER_SECONDS
from shared.tracing import span
from shared.unpacking import UnpackedTooLarge, gunzip

LARGEST_ANSWER_BYTES = 256_000
# Below what servers keep an idle connection for: what is written on a closing one may have arrived or not.
_IDLE_SECONDS = 2.0

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(httpcore.ConnectError):
    """The name leads to this machine, its network or nowhere on the internet."""


class AnswerTooLarge(httpx.RequestError):
    """The other side answered with more than was agreed to read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the other side, read whole."""

    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def text(self) -> str:
        """The body as text, whatever it is."""
        return self.content.decode("utf-8", errors="replace")


def is_development() -> bool:
    """Whether this process runs on somebody's own machine."""
    return os.environ.get("ISPBILLS_ENVIRONMENT") == "development"


def was_refused(error: BaseException) -> bool:
    """Whether a request failed because its address leads inside."""
    return isinstance(error, AddressRefused) or isinstance(error.__cause__, AddressRefused)


def is_web_address(url: str) -> bool:
    """Whether a request can be made of it; one with a name or a password in it is none, as it is shown."""
    try:
        address = httpx.Request("GET", url).url
        port = urlsplit(url).port
    except (httpx.InvalidURL, ValueError):
        return False
    return address.scheme in ("http", "https") and bool(address.host) and not address.userinfo and port != 0


def leads_inside(url: str, *, is_open: bool | None = None) -> bool:
    """Whether an address is one of this machine or its network; other names are judged on connecting."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return not _is_open(is_open)
    try:
        # As a resolver reads it: 127.1, 0x7f000001 and 2130706433 are all this machine.
        address: _Address = ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
    return not _may_be_reached(address, _is_open(is_open))


def open_client(
    *, seconds: float = 20.0, is_open: bool | None = None, connections: int = 20
) -> httpx.AsyncClient:
    """Return a client that connects to judged addresses only, also where a redirect leads."""
    transport = httpx.AsyncHTTPTransport(trust_env=False)
    # httpx has no argument for it; httpcore's network backend is made for this.
    transport._pool = httpcore.AsyncConnectionPool(
        ssl_context=httpx.create_ssl_context(),
        max_connections=connections,
        keepalive_expiry=_IDLE_SECONDS,
        network_backend=_Judge(_is_open(is_open)),
    )
    timeout = httpx.Timeout(seconds, connect=min(seconds, 10.0))
    return _Client(transport=transport, timeout=timeout, trust_env=False)


async def send(
    client: httpx.AsyncClient,
    request: httpx.Request,
    *,
    seconds: float | None = None,
    most_bytes: int = LARGEST_ANSWER_BYTES,
    is_success_enough: bool = False,
) -> Answer:
    """Send a request and read the answer whole within `seconds`; raises TimeoutError, httpx.RequestError.

    Where `is_success_enough`, nothing is read behind a status that says so, else what there is room for.
    """
    host, began, outcome = request.url.host, time.perf_counter(), "failed"
    with span(f"{request.method} {host}", SpanKind.CLIENT, **{"server.address": host}):
        try:
            async with asyncio.timeout(seconds):
                answer = await _read(client, request, most_bytes, is_success_enough)
            outcome = f"{answer.status // 100}xx"
        finally:
            PROVIDER_SECONDS.labels(host, outcome).observe(time.perf_counter() - began)
    return answer


async def _read(
    client: httpx.AsyncClient, request: httpx.Request, most_bytes: int, is_success_enough: bool
) -> Answer:
    # The library unpacks whatever comes, as often as it says that it was packed.
    request.headers["accept-encoding"] = "identity"
    response = await client.send(request, stream=True)
    try:
        content = b""
        if is_success_enough and response.is_success and not _is_short(response, most_bytes):
            return Answer(response.status_code, response.headers, content)
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > most_bytes and is_success_enough:
                break
            if len(content) > most_bytes:
                raise AnswerTooLarge(f"more than {most_bytes:,} bytes", request=request)
        if not is_success_enough:
            content = _unpacked(response, content, most_bytes)
        return Answer(response.status_code, response.headers, content)
    finally:
        await response.aclose()


def _is_short(response: httpx.Response, most_bytes: int) -> bool:
    """Whether an answer says that it ends soon: read to its end it leaves the connection to the next call."""
    said = response.headers.get("content-length", "")
    return response.status_code == 204 or (said.isdecimal() and len(said) < 10 and int(said) <= most_bytes)


def _unpacked(response: httpx.Response, content: bytes, most_bytes: int) -> bytes:
    """Unpack what was packed unasked, as some do with gzip; raises AnswerTooLarge, httpx.DecodingError."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return content
    try:
        return gunzip(content, most_bytes)
    except UnpackedTooLarge as error:
        raise AnswerTooLarge(str(error), request=response.request) from error
    except (zlib.error, EOFError) as error:
        raise httpx.DecodingError(f"packed as {encoding}: {error}", request=response.request) from error


class _Client(httpx.AsyncClient):
    """Says InvalidURL of every address that is none, as its callers expect: it stops no queue."""

    def build_request(self, method: str, url: httpx.URL | str, **parts: Any) -> httpx.Request:
        """Return a request; raises InvalidURL."""
        try:
            return super().build_request(method, url, **parts)
        except UnicodeError as error:
            raise httpx.InvalidURL(str(error)) from error


class _Judge(httpcore.AnyIOBackend):
    """Resolves names itself and connects to what it has judged."""

    def __init__(self, is_open: bool) -> None:
        super().__init__()
        self._is_open = is_open

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore names it
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers; one address inside is enough to refuse the name."""
        addresses = await _resolve(host, port)
        if not all(_may_be_reached(address, self._is_open) for address in addresses):
            raise AddressRefused(f"{host} is no address on the internet")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await super().connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


async def _resolve(host: str, port: int) -> list[_Address]:
    try:
        addresses = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} cannot be resolved") from error
    return [ipaddress.ip_address(str(where[0]).partition("%")[0]) for *_, where in addresses]


def _may_be_reached(address: _Address, is_open: bool) -> bool:
    address = _inside_of(address)
    if is_open:
        return not (address.is_link_local or address.is_multicast or address.is_unspecified)
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(address in each for each in _CLOUDS)


def _inside_of(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 address stands for, where a translator on the way would go there."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address.sixtofour:
            return address.sixtofour
        if address in _NAT64:
            return ipaddress.IPv4Address(address.packed[-4:])
    return address


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# All that the internet routes of IPv6; outside lie forms of IPv4 addresses, local translators and sites.
_UNICAST = ipaddress.IPv6Network("2000::/3")
# Where clouds keep credentials behind addresses that look public: Azure; Oracle, to older Pythons.
_CLOUDS = (ipaddress.IPv4Network("168.63.129.16/32"), ipaddress.IPv4Network("192.0.0.0/24"))


def _is_open(told: bool | None) -> bool:
    return is_development() if told is None else told
