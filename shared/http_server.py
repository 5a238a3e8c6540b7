"""The HTTP server's own limits: how large a head, how slow a client and how many connections it bears.

uvicorn with httptools has a time-out between requests and none within one: half a request was kept for
ever, and a header grew for as long as somebody sent it. A proxy in front (docs/security.md)
refuses most of this earlier.
"""

from __future__ import annotations

import asyncio
import http
import json
from collections.abc import MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.health import AsgiApp, Receive, Scope, Send

LARGEST_HEAD_BYTES = 32_768
MOST_HEADERS = 100
MOST_CONNECTIONS = 1_000
HEAD_SECONDS = 10.0
# A body may take as long as it likes while it comes faster than a bad telephone line.
BODY_CHECK_SECONDS = 10.0
SLOWEST_BYTES_A_SECOND = 500
# Closed at once, a client that is still sending would see a broken connection in place of the answer.
LINGER_SECONDS = 2.0
# A reader that takes nothing for so long is gone; behind it a stream holds its transaction.
UNREAD_SECONDS = 60.0


class LimitedProtocol(HttpToolsProtocol):
    """One connection; what passes a limit is answered where it can be, and closed."""

    in_head = True
    head_bytes = 0
    body_bytes = 0
    payload_bytes = 0
    checked_bytes = 0
    refused = False
    waiting: asyncio.TimerHandle | None = None
    unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Turn away the one connection too many; begin to wait for a head."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(503, "Too many connections; try again in a moment.")
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was waited for."""
        self._stop_waiting()
        self._stop_counting_unread()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before it is taken apart: an unfinished header shows in nothing else."""
        if self.refused or self.parser is None:
            return
        if self.in_head:
            self.head_bytes += len(data)
        else:
            self.body_bytes += len(data)
        super().data_received(data)
        # What is neither head nor body: sizes of chunks and trailers, of which a body needs few.
        if self.body_bytes > 2 * self.payload_bytes + LARGEST_HEAD_BYTES:
            self._refuse(400, "The body is cut into too many pieces.")
        if self.refused or not self.in_head:
            return
        if self.head_bytes > LARGEST_HEAD_BYTES:
            self._refuse(431, "The head of the request is too large.")
        elif self.head_bytes and self.waiting is None:
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Refuse a head that came whole and is too large; begin to watch the body."""
        if self.refused:
            return
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > LARGEST_HEAD_BYTES or len(self.headers) > MOST_HEADERS:
            self._refuse(431, "The head of the request is too large.")
            return
        self.in_head, self.head_bytes, self.body_bytes, self.payload_bytes = False, 0, 0, 0
        self.checked_bytes = 0
        self._watch_body()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass it on, unless the request was refused."""
        if not self.refused:
            self.payload_bytes += len(body)
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the next head; the time between requests is uvicorn's own."""
        if not self.refused:
            self._stop_waiting()
            self.in_head, self.head_bytes, self.body_bytes = True, 0, 0
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Read no longer for long what was answered before it came whole."""
        super().on_response_complete()
        if not self.in_head and not self.refused:
            self._stop_waiting()
            self.waiting = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def send_400_response(self, msg: str) -> None:
        """Say so, once; an answer that has begun is cut off instead."""
        if not self.refused:
            self._refuse(400, msg)

    def pause_writing(self) -> None:
        """The client reads slower than it is written to; count from when."""
        super().pause_writing()
        if self.unread is None:
            self.unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        self._stop_counting_unread()
        super().resume_writing()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self.waiting = self.loop.call_later(HEAD_SECONDS, self._refuse, 408, "The request took too long.")

    def _watch_body(self) -> None:
        self._stop_waiting()
        self.waiting = self.loop.call_later(BODY_CHECK_SECONDS, self._check_body)

    def _check_body(self) -> None:
        """Go on while enough came, or while it is us who do not take it."""
        is_ours = self.flow.read_paused
        came = self.body_bytes - self.checked_bytes
        if not is_ours and came < SLOWEST_BYTES_A_SECOND * BODY_CHECK_SECONDS:
            self._refuse(408, "The body took too long.")
            return
        self.checked_bytes = self.body_bytes
        self._watch_body()

    def _stop_waiting(self) -> None:
        if self.waiting is not None:
            self.waiting.cancel()
            self.waiting = None

    def _stop_counting_unread(self) -> None:
        if self.unread is not None:
            self.unread.cancel()
            self.unread = None

    def _refuse(self, status: int, detail: str) -> None:
        """Answer with a problem document, unless an answer is on its way already, and close."""
        self.refused = True
        self._stop_waiting()
        if self.transport.is_closing():
            return
        # While an earlier answer is under way, a second one in its midst would be taken for a part of it.
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            if self.cycle is not None:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self.transport.write(_problem(status, detail))
            if self.transport.can_write_eof():
                self.transport.write_eof()
            self.waiting = self.loop.call_later(LINGER_SECONDS, self.transport.close)
        else:
            self.transport.close()


def until_stopped(app: AsgiApp) -> AsgiApp:
    """An app whose requests are answered 503 when a stop cuts them short; by uvicorn it would be 500.

    Whoever sends the same again, with the same key, is answered by the process that comes next.
    """

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def note(message: MutableMapping[str, Any]) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await app(scope, receive, note)
        except asyncio.CancelledError:
            if has_begun:
                raise
            await _say_stopped(send)

    return answering


async def _say_stopped(send: Send) -> None:
    headers = [
        (b"content-type", b"application/problem+json"), (b"retry-after", b"1"), (b"connection", b"close"),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": _document(503, "Try again in a moment.")})


def _document(status: int, detail: str) -> bytes:
    title = http.HTTPStatus(status).phrase
    slug = title.lower().replace(" ", "-")
    kind = f"https://ispbills.invalid/problems/{slug}"
    return json.dumps({"type": kind, "title": title, "status": status, "detail": detail}).encode()


def _problem(status: int, detail: str) -> bytes:
    title, body = http.HTTPStatus(status).phrase, _document(status, detail)
    head = (
        f"HTTP/1.1 {status} {title}\r\ncontent-type: application/problem+json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n"
        + ("retry-after: 1\r\n" if status == 503 else "")
        + "\r\n"
    )
    return head.encode() + body
