"""Days: whatever asks for one, days can be added to what it gets, and zones taken off."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from gateway import schemas
from gateway.http.requests import checked_period
from gateway.problems import Problem

ENDS = [
    "0001-01-01", "9999-12-31",
    "0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59",
]  # fmt: skip


def _kinds(above: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for below in above.__subclasses__():
        yield from _kinds(below)
        if below.__module__.startswith(f"{schemas.__name__}."):
            yield below


def _is_day(annotation: Any) -> bool:
    if isinstance(annotation, type):
        return issubclass(annotation, date)
    return any(_is_day(each) for each in get_args(annotation))


def _days() -> list[Any]:
    for module in pkgutil.iter_modules(schemas.__path__, f"{schemas.__name__}."):
        importlib.import_module(module.name)
    return [
        pytest.param(field.rebuild_annotation(), id=f"{kind.__qualname__}.{name}")
        for kind in sorted(set(_kinds()), key=lambda kind: (kind.__module__, kind.__qualname__))
        for name, field in kind.model_fields.items()
        if _is_day(field.annotation)
    ]


@pytest.mark.parametrize("asked", _days())
@pytest.mark.parametrize("text", ENDS)
def test_no_day_lies_where_the_calendar_of_python_ends(asked: Any, text: str) -> None:
    try:
        day = TypeAdapter(asked).validate_python(text)
    except ValidationError:
        return
    for far in (day - timedelta(days=365), day + timedelta(days=365)):
        assert isinstance(far, date)
    if hasattr(day, "astimezone"):
        day.astimezone(ZoneInfo("Pacific/Kiritimati"))


@pytest.mark.parametrize("asked", [each for each in _days() if "expires_at" not in str(each.id)])
@pytest.mark.parametrize("text", ["2026-11-01T00:00:00", "2026-11-01T00:00:00Z", "20261101", "1793491200", 5])
def test_a_time_or_a_number_is_no_day(asked: Any, text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(asked).validate_python(text)


@pytest.mark.parametrize("text", ["0000-05", "2026-13", "2026-00", "\u0662026-11", "26-11"])
def test_a_month_is_one_of_the_calendar(text: str) -> None:
    with pytest.raises(Problem):
        checked_period("period", text)
