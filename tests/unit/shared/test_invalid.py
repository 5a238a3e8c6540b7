"""Whoever sent something wrong is told what is wanted, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cli.schema import openapi
from shared.contracts.envelope import Period
from shared.contracts.partner import PaidAt
from shared.invalid import PATTERNS, told

# Texts whose own reader takes a NUL out or refuses it.
WITH_A_READER = {"name", "base64", "query", "text", "url"}


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    period: Period = "2026-12"
    bill_id: UUID | None = None
    bill_ids: Annotated[tuple[UUID, ...], Field(max_length=1)] = ()
    types: Annotated[tuple[str, ...], Field(min_length=1)] = ("a",)
    paid_at: PaidAt | None = None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"period": "November"}, "a month as YYYY-MM"),
        ({"bill_id": "ISP-000001"}, "a UUID"),
        ({"types": []}, "at least 1, not 0"),
        ({"bill_ids": ["01a21c89-5866-73cb-9612-859d32a99942"] * 2}, "at most 1"),
        ({"amount": 5}, "There is no such field."),
        ({"paid_at": "27/11/2026"}, "a time of RFC 3339"),
    ],
)
def test_what_is_wrong_is_told_without_a_librarys_words(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(wrong)
    (error,) = refused.value.errors()
    assert words in told(error)
    assert "Value error" not in told(error)


def test_every_pattern_of_the_api_is_told_in_words() -> None:
    document = json.loads(CliRunner().invoke(openapi).stdout)
    assert set(_patterns(document)) - PATTERNS.keys() == set()


def test_no_text_of_a_body_takes_a_nul_on_to_the_database() -> None:
    document = json.loads(CliRunner().invoke(openapi).stdout)
    assert [pattern for pattern in PATTERNS if re.search(pattern, "a\x00b")] == []
    bodies = [
        operation["requestBody"]
        for path in document["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    assert set(_free_texts(bodies, document["components"]["schemas"])) == WITH_A_READER


def _free_texts(schema: Any, components: Any, name: str = "") -> Iterator[str]:
    """Yield the fields of a body that any text fits."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            schema = components[schema["$ref"].rsplit("/", 1)[1]]
        if schema.get("type") == "string" and not schema.keys() & {"pattern", "enum", "const", "format"}:
            yield name
        for key, each in schema.items():
            yield from _free_texts(each, components, name if key in ("anyOf", "items") else key)
    elif isinstance(schema, list):
        for each in schema:
            yield from _free_texts(each, components, name)


def _patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for each in schema.values():
            yield from _patterns(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _patterns(each)
