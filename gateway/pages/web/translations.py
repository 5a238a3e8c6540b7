"""Texts in the reader's language: English in the templates, other languages from `gateway/locale`."""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from litestar import Request
from litestar.types import ASGIApp, Receive, Scope, Send

from gateway.pages.web.preferences import LANGUAGES

LOCALE = Path(__file__).parents[2] / "locale"
language: ContextVar[str] = ContextVar("language", default="en")


@cache
def _catalog(of: str) -> dict[str, str | tuple[str, ...]]:
    file = LOCALE / of / "LC_MESSAGES" / "messages.po"
    if not file.exists():
        return {}
    with file.open("rb") as source:
        messages = read_po(source)
    known: dict[str, str | tuple[str, ...]] = {}
    for message in messages:
        if message.id and message.string and not message.fuzzy:
            key = message.id if isinstance(message.id, str) else message.id[0]
            known[key] = message.string if isinstance(message.string, str) else tuple(message.string)
    return known


def gettext(text: str) -> str:
    """The text in the reader's language; the English text where nobody has translated it."""
    translated = _catalog(language.get()).get(text, text)
    return translated if isinstance(translated, str) else translated[0]


def ngettext(one: str, many: str, number: int) -> str:
    """The form for this many; Bengali has the same two as English."""
    translated = _catalog(language.get()).get(one)
    if isinstance(translated, tuple) and all(translated):
        return translated[0] if number == 1 else translated[-1]
    return one if number == 1 else many


def speaking(app: ASGIApp) -> ASGIApp:
    """Texts of a request are in the language of its reader."""

    async def spoken(scope: Scope, receive: Receive, send: Send) -> None:
        wanted = Request[Any, Any, Any](scope).cookies.get("desk_language", "en")
        language.set(wanted if wanted in LANGUAGES else "en")
        await app(scope, receive, send)

    return spoken
