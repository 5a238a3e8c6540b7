"""Texts of messages: the body that changes one, and how those that count for an operator are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, get_args
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import TypedDict

from gateway.problems import wrong
from gateway.schemas.answers import Instant, Listed, Named, answer
from gateway.schemas.fields import Row, Shape, moment, text
from shared import sms
from shared.contracts.notifications import Language, Template

TEMPLATES: tuple[Template, ...] = get_args(Template)
LANGUAGES: tuple[Language, ...] = get_args(Language)


@answer
class SmsTemplateShown(TypedDict):
    """The text of a message, as it counts for an operator."""

    template: Template
    """Which message."""
    language: Language
    """In which language."""
    text: str
    """The text."""
    is_own: bool
    """Whether it is the operator's own."""
    inherited_from: Named | None
    """Whose it is otherwise; null for the one that comes with the product."""
    changed_by: str | None
    """Who changed it last."""
    changed_at: Instant | None
    """When."""


def templates(rows: Sequence[Row], operator_id: UUID) -> Listed[SmsTemplateShown]:
    """Return every text in every language, the nearest above where the operator has none of its own."""
    nearest: dict[tuple[str, str], Row] = {}
    for row in rows:
        nearest.setdefault((row["template"], row["language"]), row)
    items = [
        _template(template, language, nearest.get((template, language)), operator_id)
        for template in TEMPLATES
        for language in LANGUAGES
    ]
    return {"items": items, "next_cursor": None}


def _template(template: Template, language: Language, row: Row | None, operator_id: UUID) -> SmsTemplateShown:
    words = row["words"] if row else sms.DEFAULT_TEXTS[template, language]
    is_own = row is not None and row["operator_id"] == operator_id
    above: Named | None = None
    if row and not is_own:
        above = {"id": str(row["operator_id"]), "name": row["operator_name"]}
    return {
        "template": template,
        "language": language,
        "text": words,
        "is_own": is_own,
        "inherited_from": above,
        "changed_by": text(row["changed_by"]) if row else None,
        "changed_at": moment(row["changed_at"]) if row else None,
    }


class SmsTemplate(Shape):
    """A text of the operator's own; null: that of the nearest operator above counts again."""

    template: Template
    """Which message."""
    language: Language
    """In which language."""
    operator_id: UUID | None = None
    """Whose text; the caller's own operator's where none is named."""
    text: Annotated[str, StringConstraints(max_length=5_000)] | None
    """The text; null takes that of the nearest above again."""


def refuse_unsendable(body: SmsTemplate) -> None:
    """422 for a text that could not be sent, which says why."""
    if body.text is None:
        return
    try:
        sms.check_template(body.template, body.text)
    except sms.TextRefused as refusal:
        raise wrong("text", str(refusal), "text-refused") from refusal
