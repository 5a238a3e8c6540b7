"""Fields and bodies that several nouns share: strict, bounded, and without a field that is not expected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar, get_origin, overload

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from gateway.domain import holds_card_number
from gateway.problems import Problem, wrong
from shared.invalid import told
from shared.outgoing import is_web_address, leads_inside
from shared.values.days import FIRST_YEAR, LAST_YEAR
from shared.values.texts import read_name

Row: TypeAlias = Mapping[str, Any]
Body: TypeAlias = Mapping[str, Any]

B = TypeVar("B", bound=BaseModel)


def _is_day(value: Any) -> Any:
    # Left to itself pydantic takes a number, or a text of digits, for Unix time, and midnight for its day.
    if not isinstance(value, date) and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise ValueError("a date as YYYY-MM-DD")
    return value


def _is_moment(value: Any) -> Any:
    if not isinstance(value, date) and not (isinstance(value, str) and _DAY.match(value)):
        raise ValueError("a time of RFC 3339, such as 2026-03-31T23:30:00+06:00")
    return value


def _in_the_calendar(value: D) -> D:
    # Days are added to it and zones taken off: at the ends of Python's calendar both fail.
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _up_to_the_calendar(value: date) -> date:
    # A list is asked from 0001-01-01 or to 9999-12-31 by whoever means no end at all.
    return min(max(value, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31))


D = TypeVar("D", bound=date)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
# Behind a check of ours a strict body takes the text for Python's, and refuses it: it has been looked at.
_AnyDay = Annotated[date, Field(strict=False), BeforeValidator(_is_day)]
Day = Annotated[_AnyDay, AfterValidator(_in_the_calendar)]
Bound = Annotated[_AnyDay, AfterValidator(_up_to_the_calendar)]
Moment = Annotated[
    datetime, Field(strict=False), BeforeValidator(_is_moment), AfterValidator(_in_the_calendar)
]
# Only what can be told apart by eye: a look-alike letter would make a second user of one address.
Email = Annotated[str, StringConstraints(pattern=r"^[!-?A-~]+@[!-?A-~]+$", max_length=200, to_lower=True)]
Name = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(read_name)]
Note = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=500)]
Reasoned = Annotated[
    str, StringConstraints(pattern=r"^[^\x00]*[^\x00\s][^\x00]*$", min_length=1, max_length=200)
]

# Any spelling; the command reads it by the rules of the installation's country and keeps E.164.
TypedMobile = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=100)]
Method = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
LEAST_PASSWORD = 12
# A shorter one is as weak as a common one, and `must_be_strong` says so of both.
Password = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00]*$", max_length=200),
    Field(json_schema_extra={"minLength": LEAST_PASSWORD}),
]
Words = Annotated[
    str, StringConstraints(pattern=r"^[^\x00]*$", min_length=3, max_length=100, strip_whitespace=True)
]
# Nobody reads more, and an answer must not grow with what was sent.
MOST_ERRORS = 50
LONGEST_FIELD = 100
LONGEST_PARAMETER = 500

AnyPassword = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200)]


def refuse_card_numbers(**texts: str | None) -> None:
    """422 naming the text that holds a card number."""
    for name, text in texts.items():
        if text and holds_card_number(text):
            raise wrong(name, "This looks like a card number, which must not be written down.", "card-number")


def refuse_addresses(**urls: str | None) -> None:
    """422 naming the address that is none, holds a password, or leads inside."""
    for name, url in urls.items():
        if url and not is_web_address(url):
            raise wrong(name, "This is no web address, or one that holds a password.")
        if url and leads_inside(url):
            raise wrong(name, "This address leads to this machine or its network.")


@overload
def moment(value: datetime) -> str: ...


@overload
def moment(value: None) -> None: ...


def moment(value: datetime | None) -> str | None:
    """Return a time as RFC 3339 writes it, in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def text(value: Any) -> str | None:
    """An id or a date as text."""
    return None if value is None else str(value)


class Shape(BaseModel):
    """A body: strict, and refused field by field."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)


def without_nulls(schema: JsonSchemaValue, clearable: frozenset[str] = frozenset()) -> JsonSchemaValue:
    """Return a schema in which null is a value of the `clearable` fields only, and left out is left out."""
    for name, field in schema.get("properties", {}).items():
        if field.get("default") in (None, []):
            field.pop("default", None)
            if "anyOf" in field and name not in clearable:
                field.update(field.pop("anyOf")[0])
    return schema


class Change(Shape):
    """A change: a field that is left out stays as it is, and null is no value but where it clears."""

    CLEARABLE: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema without the nulls that stand for what was left out."""
        return without_nulls(handler.resolve_ref_schema(handler(schema)), cls.CLEARABLE)

    @field_validator("*", mode="after")
    @classmethod
    def is_a_value(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.field_name not in cls.CLEARABLE:
            raise ValueError("leave it out to keep it as it is")
        return value


class Reason(Shape):
    """Why."""

    reason: Reasoned
    """Why, for whoever reads it later; never a card number."""


def read(kind: type[B], raw: bytes) -> B:
    """The body, or 422 naming each wrong field."""
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        raise invalid(error) from error


def read_query(kind: type[B], values: Mapping[str, Sequence[str]]) -> B:
    """Return what a query string names, or raise 422 naming each wrong parameter."""
    given: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        parameter = field.alias or name
        if texts := values.get(parameter):
            longest = getattr(kind, "LONGEST", LONGEST_PARAMETER)
            given[parameter] = _one_or_many(parameter, texts, field, longest)
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise invalid(error, deepest=1) from error


def _one_or_many(name: str, texts: Sequence[str], field: FieldInfo, longest: int) -> Any:
    if any("\x00" in text or "\ufffd" in text or len(text) > longest for text in texts):
        raise wrong(name, "This is no text.")
    if get_origin(field.annotation) is tuple:
        return tuple(dict.fromkeys(texts))
    if len(texts) > 1:
        raise wrong(name, "Give this once.")
    return texts[0]


def invalid(error: ValidationError, deepest: int | None = None) -> Problem:
    """Return the 422 that says what is wrong, field by field, down to `deepest` steps into a field."""
    found = error.errors(include_url=False, include_input=False)
    errors = tuple(
        (
            ".".join(str(step)[:LONGEST_FIELD] for step in each["loc"][:deepest]) or "body",
            told(each),
        )
        for each in found[:MOST_ERRORS]
    )
    if len(found) > MOST_ERRORS:
        errors = (*errors, ("body", f"{len(found) - MOST_ERRORS} more are wrong."))
    field, detail = errors[0]
    return Problem(422, "invalid", f"The request is not right: {field}: {detail}", errors=errors)
