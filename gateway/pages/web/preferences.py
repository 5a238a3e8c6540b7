"""Preferences that one browser remembers for its reader: cookies, no business data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import Cookie

from gateway.http.limits import LARGEST_STRANGERS_BODY_BYTES, STRANGERS
from gateway.http.requests import raw_body, refuse_other_sites
from gateway.pages.web.addresses import own_address
from gateway.pages.web.submission import Submission

LANGUAGES = {"en": "English", "bn": "বাংলা"}
THEMES = ("auto", "light", "dark")
DENSITIES = ("comfortable", "compact")
PAGE_SIZES = (25, 50, 100, 200)
# Columns that a reader may hide; what is owed, by whom, and what can be done always stay.
OPTIONAL_COLUMNS = ("operator", "package", "period", "due", "total", "paid")
REMEMBERED_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Preferences:
    """Read from cookies; anything odd is the default."""

    language: str = "en"
    theme: str = "auto"
    density: str = "comfortable"
    page_size: int = 50
    hidden_columns: tuple[str, ...] = ()
    shortcuts: bool = True

    @classmethod
    def of(cls, cookies: Mapping[str, str]) -> Preferences:
        hidden = cookies.get("desk_hidden", "").split(".")
        return cls(
            language=_known(cookies.get("desk_language"), tuple(LANGUAGES)),
            theme=_known(cookies.get("desk_theme"), THEMES),
            density=_known(cookies.get("desk_density"), DENSITIES),
            page_size=int(_known(cookies.get("desk_rows"), tuple(str(n) for n in PAGE_SIZES), "50")),
            hidden_columns=tuple(name for name in OPTIONAL_COLUMNS if name in hidden),
            shortcuts=cookies.get("desk_shortcuts") != "off",
        )

    def shows(self, column: str) -> bool:
        return column not in self.hidden_columns


def _known(value: str | None, known: tuple[str, ...], default: str | None = None) -> str:
    return value if value in known else (default or known[0])


def remember(response: Response[Any], name: str, value: str) -> None:
    """Keep a preference for a year."""
    response.set_cookie(Cookie(key=name, value=value, max_age=REMEMBERED_SECONDS, path="/", samesite="lax"))


@post("/preferences", status_code=303, opt=STRANGERS, request_max_body_size=LARGEST_STRANGERS_BODY_BYTES)
async def save_preferences(request: Request[Any, Any, Any]) -> Response[None]:
    """Remember what the form names, and go back to where it was sent from."""
    refuse_other_sites(request)
    form = Submission(await raw_body(request))
    response = Response[None](None, status_code=303, headers={"Location": own_address(form.one("next"))})
    for field, name, known in (
        ("language", "desk_language", tuple(LANGUAGES)),
        ("theme", "desk_theme", THEMES),
        ("density", "desk_density", DENSITIES),
        ("shortcuts", "desk_shortcuts", ("on", "off")),
    ):
        if form.one(field) in known:
            remember(response, name, form.one(field))
    if form.has("columns_shown"):
        shown = form.all("columns_shown")
        remember(response, "desk_hidden", ".".join(name for name in OPTIONAL_COLUMNS if name not in shown))
    return response
