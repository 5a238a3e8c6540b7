"""What the answers of several nouns have in common.

An answer is a dict whose type lists and describes its fields: mypy holds whoever makes one to them, msgspec
writes the dict as it is, and the OpenAPI document is read from the type. Fields are added, never taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, NotRequired, TypeAlias, TypeVar, cast

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from gateway import problems
from shared.contracts.envelope import PERIOD

T = TypeVar("T")

# What stands below a field describes it.
answer = with_config(ConfigDict(use_attribute_docstrings=True))

Id: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Date: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "date"})]
Instant: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Month: TypeAlias = Annotated[str, Field(pattern=PERIOD)]


@answer
class Listed(TypedDict, Generic[T]):
    """A page of a list."""

    items: list[T]
    """The page's rows, in the order of the list."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


@answer
class Named(TypedDict):
    """Something by its id, with the name that people know it by."""

    id: Id
    """The id."""
    name: str
    """What it is called."""


@answer
class Signed(TypedDict):
    """A deed with its author, time and reason."""

    reason: str
    """Why, in the words of who did it."""
    at: Instant
    """When."""
    by: str
    """The e-mail address of who did it."""


@answer
class FieldError(TypedDict):
    """A fault of one field of a request."""

    field: str
    """The field, with dots into what is nested; `body` for the whole."""
    detail: str
    """What is wrong, for people."""


@answer
class Problem(TypedDict):
    """A problem as RFC 9457 describes it; some carry further fields of their own, such as `portal_url`."""

    type: str
    """An address that ends in a stable slug, such as `already-paid`."""
    title: str
    """The slug in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What went wrong, for people."""
    errors: NotRequired[list[FieldError]]
    """Each wrong field, where fields are wrong."""


def problem(refusal: Mapping[str, Any] | None) -> Problem | None:
    """Return the document of a refusal that was kept, or None where nothing was refused."""
    return cast(Problem, problems.document(problems.of_refusal(refusal))) if refusal else None


@answer
class Operation(TypedDict):
    """A request that takes longer than one answer, and its end."""

    id: Id
    """The operation's id."""
    state: Literal["pending", "completed", "refused"]
    """`completed` once what it did can be read."""
    resource: Mapping[str, Any] | None
    """The body that 200 or 201 would have had, once completed."""
    problem: Problem | None
    """Why it was refused, where it was."""
