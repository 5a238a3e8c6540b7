"""What programs do with answers: raise refusals, follow pages, wait for what takes longer. Written by hand.

They take an operation's own function with its arguments: `every(list_bills.asyncio, client=client)`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from inspect import signature
from typing import Any, BinaryIO, ParamSpec, Protocol, Self, TypeVar, cast

from ispbills_client.api.operations import get_operation
from ispbills_client.client import AuthenticatedClient, Client
from ispbills_client.models import Operation, Problem
from ispbills_client.types import File

PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.2
_LONGEST_PAGE = 200


class Resource(Protocol):
    """Anything that the API answers with."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Return it as it is read from JSON."""
        ...


Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Made = TypeVar("Made", bound=Resource)
Item = TypeVar("Item")
ItemOf = TypeVar("ItemOf", covariant=True)


class Page(Protocol[ItemOf]):
    """A page of a list."""

    @property
    def items(self) -> Sequence[ItemOf]:
        """The page's rows, in the order of the list."""

    @property
    def next_cursor(self) -> str | None:
        """Where the next page begins; None on the last one."""


class Refused(Exception):
    """The API refused; `problem` says why, and `slug` for programs."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.status} {self.slug}: {problem.detail}")

    @property
    def slug(self) -> str:
        """The end of the problem's type, which stays the same: `already-paid`."""
        return self.problem.type_.rpartition("/")[2]


def granted(answer: Answer | Problem | None) -> Answer:
    """Return the answer; raise `Refused` where it is a problem."""
    if isinstance(answer, Problem):
        raise Refused(answer)
    assert answer is not None, "an answer that the OpenAPI document knows is read"
    return answer


async def every(
    ask: Callable[Asked, Awaitable[Page[Item] | Problem | None]], *args: Asked.args, **asked: Asked.kwargs
) -> AsyncIterator[Item]:
    """Yield every item of a list, page after page; raise `Refused`. Short lists come whole."""
    limit = {"limit": _LONGEST_PAGE} if "limit" in signature(ask).parameters else {}
    query: dict[str, Any] = {**limit, **asked}
    while True:
        page = granted(await cast(Callable[..., Awaitable[Page[Item] | Problem | None]], ask)(*args, **query))
        for item in page.items:
            yield item
        if page.next_cursor is None:
            return
        query["cursor"] = page.next_cursor


async def watched(
    ask: Callable[Asked, Awaitable[Answer | Problem | None]], *args: Asked.args, **asked: Asked.kwargs
) -> AsyncIterator[Answer]:
    """Yield a resource again and again until the caller has seen enough; raise `Refused`, `TimeoutError`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        yield granted(await ask(*args, **asked))
        await asyncio.sleep(_PAUSE_SECONDS)
    raise TimeoutError(f"what was waited for has not come within {PATIENCE_SECONDS:.0f} s")


async def completed(
    kind: type[Made], answer: Made | Operation | Problem | None, *, client: AuthenticatedClient | Client
) -> Made:
    """Return what a write made, also when that takes longer than its answer.

    Raises `Refused`, at once or in the end, and `TimeoutError`: what was asked for may still happen then, and
    the same request under the same `idempotency_key` gets its answer.
    """
    if not isinstance(answer, Operation):
        return granted(answer)
    async for operation in watched(get_operation.asyncio, answer.id, client=client):
        if isinstance(operation.problem, Problem):
            raise Refused(operation.problem)
        if operation.state == "completed":
            break
    assert operation.resource is not None, "what has been completed can be read"
    return kind.from_dict(operation.resource.to_dict())


def file_of(content: bytes) -> File:
    """Return a file to hand in. httpx sends bytes both ways, and open files only without asyncio."""
    return File(payload=cast(BinaryIO, content))
