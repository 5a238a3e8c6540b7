"""A form as it was sent, from our own pages and by its own session."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request

from gateway.access import Principal
from gateway.http.requests import raw_body, refuse_other_sites
from gateway.operations.submit import Key
from gateway.problems import Problem
from shared.ids import new_id

HTTP_REQUEST = Request[Any, Any, Any]

LONGEST_KEY = 200
# More than the largest page has rows to choose from.
MOST_FIELDS = 2_000


class Submission:
    """The fields of a form as they were sent, without blanks at their ends."""

    def __init__(self, raw: bytes) -> None:
        self._values: dict[str, list[str]] = {}
        text = raw.decode("utf-8", "replace")
        if text.count("&") >= MOST_FIELDS:
            raise Problem(413, "too-large", f"At most {MOST_FIELDS:,} fields are taken.")
        for name, value in parse_qsl(text, keep_blank_values=True):
            self._values.setdefault(name, []).append(value)

    def one(self, name: str, default: str = "") -> str:
        values = self._values.get(name)
        return values[-1].strip() if values else default

    def exact(self, name: str) -> str:
        """Return the value with its blanks, as a password has them."""
        return self._values.get(name, [""])[-1]

    def all(self, name: str) -> list[str]:
        return [value.strip() for value in self._values.get(name, []) if value.strip()]

    def has(self, name: str) -> bool:
        return name in self._values

    def key(self, *said: str) -> Key:
        """Return the form's idempotency key for this request: the same form sent twice is one wish."""
        return Key.of(self.one("idempotency_key")[:LONGEST_KEY] or str(new_id()), "page", *said)


async def checked_submission(request: HTTP_REQUEST, principal: Principal) -> Submission:
    """Return the form of this session, sent from our own pages; raises 403 for any other."""
    refuse_other_sites(request)
    submission = Submission(await raw_body(request))
    check_csrf(request, principal, {"csrf_token": submission.one("csrf_token")})
    return submission


def check_csrf(request: HTTP_REQUEST, principal: Principal, fields: Mapping[str, Any]) -> None:
    """Raise 403 unless header or field carries the session's token."""
    given = request.headers.get("x-csrf-token") or str(fields.get("csrf_token", ""))
    if not hmac.compare_digest(given.encode(), (principal.csrf_token or "").encode()):
        raise Problem(403, "csrf", "This form was made for another session.")
