"""One message for one gateway, and the call that takes it there."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import httpx
import phonenumbers

from services.notifications.domain import Doubtful, NotTaken, Outcome, words
from shared import outgoing
from shared.outgoing import Answer

CALL_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Job:
    """A message as an adapter needs it; neither its text nor the keys show in a traceback."""

    message_id: UUID
    mobile: str  # E.164
    text: str = field(repr=False)
    is_unicode: bool
    settings: Mapping[str, Any] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    base_url: str | None
    report_url: str | None = field(repr=False)
    tries: int
    began_at: datetime
    seconds: float = CALL_SECONDS

    @property
    def private(self) -> list[str]:
        """Return what a provider may repeat and nobody else may read: keys, links, the number."""
        links = [word for word in self.text.split() if word.startswith(("http://", "https://"))]
        tokens = [link.rstrip("/").rpartition("/")[2] for link in links]
        numbers = [self.number(form) for form in ("e164", "digits", "national")]
        return [*self.secrets.values(), *links, *tokens, *numbers]

    def number(self, form: str = "digits") -> str:
        """Return the mobile as +8801…, 8801… (digits) or 01… (national)."""
        if form == "e164":
            return self.mobile
        if form == "digits":
            return self.mobile.removeprefix("+")
        parsed = phonenumbers.parse(self.mobile)
        shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        return "".join(each for each in shown if each.isdigit())

    def address(self, host: str, path: str) -> str:
        """Return the address of a path below the provider's host, or below the one that is set."""
        return f"{(self.base_url or host).rstrip('/')}{path}"


Send: TypeAlias = Callable[[httpx.AsyncClient, Job], Awaitable[Outcome]]
# None: the provider cannot tell yet, or no longer. `asks` counts the questions before this one.
Ask: TypeAlias = Callable[[httpx.AsyncClient, Job, int], Awaitable[Outcome | None]]


async def call(
    client: httpx.AsyncClient, request: httpx.Request, seconds: float
) -> Answer | NotTaken | Doubtful:
    """Return the answer, or what its absence means: once a request has left, nobody knows what came of it."""
    try:
        return await outgoing.send(client, request, seconds=seconds)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        if outgoing.was_refused(error):
            return NotTaken("gateway", "address-refused", "The address leads into a private network.")
        return NotTaken("moment", "unreachable", "The provider does not answer.")
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL):
        return NotTaken("gateway", "bad-address", "The address of the gateway cannot be called.")
    except TimeoutError:
        return Doubtful("no-answer", f"No answer within {seconds:.0f} s; it may have been sent.")
    except httpx.TimeoutException:
        return Doubtful("no-answer", "No answer in time; it may have been sent.")
    except httpx.RequestError:
        return Doubtful("connection-lost", "The connection broke before the answer; it may have been sent.")


def by_status(answer: Answer) -> Outcome | None:
    """Return what an HTTP status alone means; None for 2xx, where the body has the say.

    A server's own error leaves open how far it got; that it is busy or wants something else does not.
    """
    status, said = answer.status, words(answer.text)
    code = f"http-{status}"
    if 200 <= status < 300:
        return None
    if status < 400:
        where = answer.headers.get("location", "elsewhere")[:100].partition("?")[0]
        return NotTaken("gateway", code, f"The address redirects to {where}; set that one.")
    if status in (408, 425, 429, 503):
        return NotTaken("moment", code, said or "The provider is busy.")
    if status < 500 or status in (501, 505):
        return NotTaken("gateway", code, said or "The provider refused the request.")
    return Doubtful(code, said or "The provider failed; it may have been sent.")


def read_json(answer: Answer) -> Any:
    """Return the body as JSON; None for anything else, a page for people above all."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def unreadable(answer: Answer) -> Doubtful:
    """Return what an answer means that says nothing: it may have been sent."""
    said = words(answer.text)
    detail = f"The answer says nothing: {said}" if said else "The answer is empty; it may have been sent."
    return Doubtful("unreadable-answer", words(detail))
