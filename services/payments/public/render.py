"""Pages as customers see them: small, without scripts, in English or Bengali."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from litestar import MediaType, Request, Response

from services.payments import wording

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(request: Request[Any, Any, Any], of_link: str = "en") -> str:
    """The language that was asked for, by the address, the browser, or the link that was made."""
    asked = request.query_params.get("lang")
    if asked in ("en", "bn"):
        return str(asked)
    if request.headers.get("accept-language", "").lower().startswith("bn"):
        return "bn"
    return of_link


def page(
    template: str, language: str, status: int = 200, headers: Mapping[str, str] | None = None, **facts: Any
) -> Response[str]:
    """Render a template in a language."""
    shown = {
        "t": partial(_text, language),
        "money": partial(_in(wording.money), language),
        "amount": partial(_in(wording.amount), language),
        "count": partial(_count, language),
        "language": language,
        "other": "en" if language == "bn" else "bn",
        "asked": {},
        "isp": None,
        "logo": None,
        "phone": None,
        "address": None,
        **facts,
    }
    text = _environment().get_template(template).render(**shown)
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=dict(headers or {}))


def _count(language: str, number: int) -> str:
    return wording.count(number, language)


def _text(language: str, name: str, **values: str) -> str:
    return wording.text(name, language, **values)


def _in(formatted: Any) -> Any:
    def in_language(language: str, minor: int, currency: str) -> str:
        text: str = formatted(minor, currency, language)
        return text

    return in_language
