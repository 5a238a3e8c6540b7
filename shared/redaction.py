"""The redaction of log lines: no secret, no address that opens something, no mobile in full."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

HIDDEN = "[hidden]"

# Names of fields whose value is nobody's business, wherever they stand in a name.
_SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)|secret|token|authori[sz]ation|cookie|api_?key|app_?key|sealing_?key|link_?key"
    r"|private_?key|credential|session_?id|csrf",
    re.IGNORECASE,
)
_IN_TEXT = (
    # The user and password of an address, as connection strings have them.
    (re.compile(r"(?<=://)[^\s/@]+@"), f"{HIDDEN}@"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # Whoever has the path of a payment link or a portal address may open it.
    (re.compile(r"/(pay|portal|reports|links/[0-9a-f-]{36})/[\w.~-]{12,}"), rf"/\1/{HIDDEN}"),
    (
        re.compile(
            r"""\b([\w-]*(?:password|secret|token|api_?key|app_?key)["']?\s*[=:]\s*["']?)[^\s"',&;}]{4,}""",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
)
# E.164, or a national number with its leading zero; not a part of an id, an offset, a date or an amount.
_MOBILE = re.compile(r"(?<![\w.:@#\[-])(\+\d{2,3}|00\d{2,3}|880|0)([\d -]{5,11}\d)(\d{2})(?![\w.:-]*\d)")
_FEWEST_DIGITS, _MOST_DIGITS = 10, 15


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the event with what may not be read hidden, however deep it stands."""
    for name, value in event.items():
        event[name] = _shown(name, value)
    return event


def redact(text: str) -> str:
    """Return a text without credentials, opening addresses and whole mobiles."""
    for pattern, replacement in _IN_TEXT:
        text = pattern.sub(replacement, text)
    return _MOBILE.sub(_shortened, text)


def _shown(name: str, value: Any) -> Any:
    if _SECRET_NAMES.search(name):
        return HIDDEN if value else value
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, bytes):
        return redact(value.decode(errors="backslashreplace"))
    if isinstance(value, Mapping):
        return {key: _shown(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown("", each) for each in value]
    if value is None or isinstance(value, int | float):
        return value
    return redact(str(value))


def _shortened(match: re.Match[str]) -> str:
    digits = sum(each.isdigit() for each in match[0])
    if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
        return match[0]
    return f"{match[1]}…{match[3]}"
