"""Templates become answers: every page gets the same desk: who reads it, and how they like it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_eval_context
from jinja2.ext import Extension
from jinja2.nodes import EvalContext
from litestar import Request, Response
from markupsafe import Markup

from gateway.pages.web import formats, labels, translations
from gateway.pages.web.assets import Assets, load_assets
from gateway.pages.web.formats import Formats
from gateway.pages.web.preferences import LANGUAGES, OPTIONAL_COLUMNS, PAGE_SIZES, Preferences
from gateway.pages.web.stamps import stamp_of
from shared import clock

HTTP_REQUEST = Request[Any, Any, Any]


TEMPLATES = Path(__file__).parents[2] / "templates"
# The same address answers differently to HTMX, to another reader and to who cannot unpack.
PAGE_HEADERS = {"Cache-Control": "no-store", "Vary": "HX-Request, Cookie, Accept-Encoding"}

# Filters that depend on who reads: methods of their formats.
WRITTEN_BY_READER = (
    "amount", "count", "money", "money_text", "plain_amount", "day", "day_year", "day_full", "day_typed",
    "day_entered", "month", "month_short", "month_name", "moment", "moment_year", "clock", "percent",
    "file_size",
)  # fmt: skip
SMALLEST_COMPRESSED_BYTES = 1_400
GZIP_LEVEL = 5

_INDENTATION = re.compile("^[ \t]+", re.MULTILINE)

_formats: ContextVar[Formats] = ContextVar("formats")


@dataclass(frozen=True)
class Viewer:
    """The signed-in reader, as far as pages must know."""

    name: str
    email: str
    role: str
    operator_id: str
    operator_name: str
    csrf_token: str
    operates: bool = False

    def may(self, *roles: str) -> bool:
        return self.role in roles

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()


@dataclass(frozen=True)
class Desk:
    """Facts that every template knows beside its own."""

    preferences: Preferences
    formats: Formats
    path: str
    now: datetime
    viewer: Viewer | None = None
    features: frozenset[str] = frozenset()
    badges: Mapping[str, int] = field(default_factory=dict)
    takes_gzip: bool = False

    @property
    def today(self) -> date:
        return self.formats.today(self.now)

    def can(self, feature: str) -> bool:
        """Whether this installation has a route for it (`page:/settings/isp-profile`)."""
        return feature in self.features


def is_swap(request: Request[Any, Any, Any]) -> bool:
    """Whether HTMX asks for a part; restoring its history wants the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def current_query(request: Request[Any, Any, Any]) -> str:
    """The query of the page that the browser shows, for parts that depend on its filter."""
    return urlsplit(request.headers.get("HX-Current-URL", "")).query


def current_path(request: Request[Any, Any, Any]) -> str:
    """The path of the page that the browser shows; empty without HTMX."""
    return urlsplit(request.headers.get("HX-Current-URL", "")).path


def current_address(request: Request[Any, Any, Any]) -> str:
    """Path and query of the page that the browser shows, or came from."""
    shown = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("referer") or "")
    if not shown.path:
        return ""
    return shown.path + (f"?{shown.query}" if shown.query else "")


class Unindented(Extension):
    """Templates as they are sent: a tenth of a list was the indentation of its rows."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template without what its lines begin with."""
        return _INDENTATION.sub("", source)


def environment(assets: Assets) -> Environment:
    """Jinja with escaping, our texts and our formats; an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", Unindented],
        auto_reload=False,
    )
    made.install_gettext_callables(translations.gettext, translations.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(_names(assets))
    made.filters.update(_filters())
    return made


def _names(assets: Assets) -> dict[str, Any]:
    """Return what templates call without having been given it."""
    return {
        "_": _in_words,
        "gettext": _in_words,
        "ngettext": _count_in_words,
        "asset": assets.address,
        "symbol": lambda name: Markup(assets.symbols[name]),
        "unreadable_texts": labels.unreadable_texts,
        "LANGUAGES": LANGUAGES,
        "PAGE_SIZES": PAGE_SIZES,
        "OPTIONAL_COLUMNS": OPTIONAL_COLUMNS,
    }


def _filters() -> dict[str, Any]:
    """Return how templates write values: by the reader's formats, in the reader's words."""
    by_reader = {name: _by_reader(name) for name in WRITTEN_BY_READER}
    return by_reader | {
        "checkout_text": labels.checkout_text,
        "event_name": labels.event_name,
        "link_state": labels.link_state,
        "link_text": labels.link_text,
        "message_text": labels.message_text,
        "method_name": labels.method_name,
        "provider_name": labels.provider_name,
        "problem_text": labels.problem_text,
        "reason_text": labels.reason_text,
        "source_text": labels.source_text,
        "as_date": lambda value: date.fromisoformat(value) if isinstance(value, str) else value,
        "mobile": formats.mobile,
        "mobile_international": formats.mobile_international,
        "stamp_of": stamp_of,
    }


@pass_eval_context
def _in_words(evaluation: EvalContext, text: str, /, **values: Any) -> str:
    """`gettext` of templates: what Jinja's own does, once for what a page says in each of its rows."""
    wording = _wording(translations.language.get(), text, bool(evaluation.autoescape))
    return wording % values if "%" in wording else wording


@lru_cache(maxsize=10_000)
def _wording(_language: str, text: str, is_html: bool) -> str:
    """Return the text in the reader's language, which `gettext` knows; values are not yet written into it."""
    translated = translations.gettext(text)
    return Markup(translated) if is_html else translated


@pass_eval_context
def _count_in_words(evaluation: EvalContext, one: str, many: str, how_many: int, /, **values: Any) -> str:
    """`ngettext` of templates: the number itself is written as the reader writes numbers."""
    values.setdefault("num", _formats.get().count(how_many))
    text = translations.ngettext(one, many, how_many)
    return (Markup(text) if evaluation.autoescape else text) % values


def _by_reader(name: str) -> Any:
    return lambda *values: getattr(_formats.get(), name)(*values)


@cache
def assets() -> Assets:
    """Return the static files, read and compressed once."""
    return load_assets()


@cache
def _environment() -> Environment:
    return environment(assets())


def to_text(desk: Desk, template: str, context: Mapping[str, Any]) -> str:
    """The template as this reader sees it."""
    language = translations.language.set(desk.preferences.language)
    written = _formats.set(desk.formats)
    try:
        return _environment().get_template(template).render(desk=desk, **context)
    finally:
        _formats.reset(written)
        translations.language.reset(language)


def page(
    desk: Desk, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> Response[bytes]:
    """A page, or a part of one; compressed where that is worth it."""
    body = to_text(desk, template, context).encode()
    encoding = {}
    if desk.takes_gzip and len(body) > SMALLEST_COMPRESSED_BYTES:
        body, encoding = gzip.compress(body, GZIP_LEVEL), {"Content-Encoding": "gzip"}
    return Response(
        body,
        status_code=status,
        media_type="text/html",
        headers={**PAGE_HEADERS, **encoding, **(headers or {})},
    )


def see_other(address: str) -> Response[None]:
    """Go there now: after a form that was sent without JavaScript."""
    return Response(None, status_code=303, headers={"Location": address, "Cache-Control": "no-store"})


def now() -> datetime:
    return clock.now()


def moment(text: str | None) -> datetime | None:
    """A time as the API writes it."""
    return datetime.fromisoformat(text) if text else None


def signed_out_desk(request: HTTP_REQUEST) -> Desk:
    """Return the desk of pages that are shown before anybody signed in."""
    preferences = Preferences.of(request.cookies)
    return Desk(
        preferences=preferences,
        formats=Formats(preferences.language, "BDT", "Asia/Dhaka"),
        path=request.scope["path"],
        now=clock.now(),
    )
