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
# Names of fields that hold a mobile, be it as a number.
_MOBILE_NAMES = re.compile(
    r"(^|_)(to|(mobile|phone|msisdn|recipient|payer)s?(_?(number|no))?)$|(?-i:[a-z](Mobile|Phone|Msisdn)(No|Number)?$)",
    re.IGNORECASE,
)
_DIGIT = "[0-9০-৯]"
# Taken up before any mobile, so that none is seen in the middle of them: ids, traces, dates and times.
_OTHERS = (
    r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])"
    r"|(?<![0-9a-f])[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?![0-9a-f])"
    r"|(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
# Behind a digit, a letter of a hexadecimal number or a decimal point, but not behind an escape, as in %2B880.
_STARTS = rf"(?:(?<=%[0-9a-f]{{2}})|(?<=[g-z][a-f])|(?<![0-9০-৯a-f]))(?<!{_DIGIT}\.)"
_ENDS = r"(?![0-9০-৯a-f])"
# Bangladesh's, wherever it stands and however its digits are grouped.
_NATIONAL = (
    rf"{_STARTS}(?P<prefix>(?:\+|00|০০)?(?:880|৮৮০)|[0০])(?:[ -]?[0০])?[ -]?[1১][ -]?[3-9৩-৯]"
    rf"(?:[ -]?{_DIGIT}){{6}}[ -]?(?P<end>{_DIGIT}{{2}}){_ENDS}"
)
# Without a prefix, as numbers are that came through a spreadsheet; seconds since 1970 look the same.
_BARE = rf"{_STARTS}(?<![+@#৳$])[1১][3-9৩-৯]{_DIGIT}{{6}}(?P<bare_end>{_DIGIT}{{2}})(?!\.\d){_ENDS}"
# E.164, or a national number with its leading zero; not a part of an id, an offset, a date or an amount.
_FOREIGN = (
    r"(?<![\w.:@#\[-])(?P<country>\+\d{2,3}|00\d{2,3}|880|0)"
    r"[\d -]{5,11}\d(?P<foreign_end>\d{2})(?![\w.:-]*\d)"
)
_MOBILE = re.compile("|".join((f"(?P<other>{_OTHERS})", _NATIONAL, _BARE, _FOREIGN)), re.IGNORECASE)
# Any number in a field of mobiles.
_NUMBER = re.compile(
    rf"(?P<other>{_OTHERS})|{_DIGIT}(?:[ -]?{_DIGIT}){{3,}}(?P<end>{_DIGIT}{{2}})", re.IGNORECASE
)
# What makes ten digits a count, an amount, a time or a document's number.
_COUNTED_BEFORE = re.compile(
    r"(?:_at|(?<![a-z])(?:offset|position|version|lag|records|rows|bytes|count|total|amount|minor|bdt|tk"
    r"|t|time|timestamp|epoch|exp|iat|seconds|ms|invoice|bill|receipt))[\"']?\s*[=: ]\s*[\"'\[]?$",
    re.IGNORECASE,
)
_COUNTED_AFTER = re.compile(r"\s*(minor|poisha|taka|tk|bdt|bytes|records|rows|seconds|ms|s)\b", re.IGNORECASE)
_LONGEST_NAME = 24
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
    if isinstance(value, Mapping):
        return {_shown("", key): _shown(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(name, each) for each in value]
    if isinstance(value, bytes):
        value = value.decode(errors="backslashreplace")
    is_mobile = bool(_MOBILE_NAMES.search(name))
    if value is None or isinstance(value, bool) or (isinstance(value, int | float) and not is_mobile):
        return value
    text = redact(str(value))
    return _NUMBER.sub(_without_digits, text) if is_mobile and not re.search("[a-z]", text, re.I) else text


def _shortened(match: re.Match[str]) -> str:
    if match["other"]:
        return match[0]
    if match["end"]:
        return f"{match['prefix']}…{match['end']}"
    if match["bare_end"]:
        return match[0] if _is_counted(match) else f"…{match['bare_end']}"
    digits = sum(each.isdigit() for each in match[0])
    if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
        return match[0]
    return f"{match['country']}…{match['foreign_end']}"


def _is_counted(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - _LONGEST_NAME) : match.start()]
    return bool(_COUNTED_BEFORE.search(before) or _COUNTED_AFTER.match(match.string, match.end()))


def _without_digits(match: re.Match[str]) -> str:
    return match["other"] or f"…{match['end']}"
