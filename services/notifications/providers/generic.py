"""Any gateway that takes an HTTP request: described by templates, judged by patterns.

Each value is escaped for the place where it stands, so that no text can add a parameter, a field or a header.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote
from xml.sax.saxutils import escape

import httpx
import regex

from services.notifications.domain import Doubtful, NotTaken, Outcome, Taken, words
from services.notifications.providers.job import Job, by_status, call, read_json, unreadable
from shared.contracts.notifications import HttpSettings
from shared.outgoing import Answer

Escape: TypeAlias = Callable[[str], str]

# A pattern of staff's is looked for in so much of an answer, for so long.
_LOOKED_AT = 4_000
_PATTERN_SECONDS = 0.5
_TEMPLATE = regex.compile(
    r"\{(to|number|text|message|reference|unicode|secret|report_url)\}|\[(number|text)\]"
)
# As other programs name them, so that a template can be taken over as it is.
_ALSO_CALLED = {"number": "to", "message": "text"}
_SAID_NO = ("failed", "fail", "failure", "error", "rejected", "invalid")


async def send(client: httpx.AsyncClient, job: Job) -> Outcome:
    """Send as the templates say."""
    settings = HttpSettings.model_validate(dict(job.settings), strict=False)
    answer = await call(client, _request(client, settings, job), job.seconds)
    if isinstance(answer, NotTaken | Doubtful):
        return answer
    return _meaning(settings, answer)


def _request(client: httpx.AsyncClient, settings: HttpSettings, job: Job) -> httpx.Request:
    values = {
        "to": job.number(settings.number_format),
        "text": job.text,
        "reference": str(job.message_id),
        "unicode": settings.unicode_values[job.is_unicode],
        "secret": job.secrets.get("secret", ""),
        "report_url": job.report_url or "",
    }
    url = httpx.URL(_filled(settings.url, values, _for_address))
    if settings.query:
        own = {name: _filled(each, values, str) for name, each in settings.query.items()}
        url = url.copy_merge_params(own)
    headers = {name: _filled(each, values, _for_header) for name, each in settings.headers.items()}
    if not is_templated(settings):
        return client.build_request(settings.method, url, headers=headers, json=_plain_body(values))
    if settings.body and settings.method != "GET":
        kind = _content_type(settings)
        headers = {name: each for name, each in headers.items() if name.lower() != "content-type"}
        body = _filled(settings.body, values, _escape_for(kind))
        return client.build_request(
            settings.method, url, headers=headers | {"Content-Type": kind}, content=body.encode()
        )
    return client.build_request(settings.method, url, headers=headers)


def is_templated(settings: HttpSettings) -> bool:
    """Whether templates say what is sent; else it is JSON of to, text and reference."""
    return bool(settings.query or settings.body or "text" in names_in(settings.url))


def _plain_body(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name] for name in ("to", "text", "reference")}


def _filled(template: str, values: Mapping[str, str], escaped: Escape) -> str:
    return str(_TEMPLATE.sub(lambda match: escaped(values[_name(match)]), template))


def names_in(template: str) -> set[str]:
    """Return the names of the values that a template asks for."""
    return {_name(match) for match in _TEMPLATE.finditer(template)}


def _name(match: Any) -> str:
    name = str(match[1] or match[2])
    return _ALSO_CALLED.get(name, name)


def _for_address(value: str) -> str:
    return quote(value, safe="")


def _for_header(value: str) -> str:
    """As it is where it can stand in a header, else percent-encoded."""
    return value if value.isascii() and value.isprintable() else quote(value, safe="")


def _for_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _for_xml(value: str) -> str:
    return escape(value, {'"': "&quot;", "'": "&apos;"})


def _content_type(settings: HttpSettings) -> str:
    """Return the media type of the headers, else of what the body looks like."""
    for name, value in settings.headers.items():
        if name.lower() == "content-type":
            return value
    start = settings.body.lstrip()[:1]
    if start in ("{", "["):
        return "application/json"
    return "application/xml; charset=utf-8" if start == "<" else "application/x-www-form-urlencoded"


def _escape_for(content_type: str) -> Escape:
    if "json" in content_type:
        return _for_json
    if "xml" in content_type:
        return _for_xml
    return _for_address if "urlencoded" in content_type else str


def _meaning(settings: HttpSettings, answer: Answer) -> Outcome:
    said = words(answer.text)
    code = f"http-{answer.status}"
    if settings.failure_pattern and _finds(settings.failure_pattern, answer):
        return NotTaken("gateway", _code_in(answer) or code, said)
    if (outcome := by_status(answer)) is not None:
        return outcome
    reference = _finds(settings.reference_pattern, answer) if settings.reference_pattern else None
    if settings.success_pattern:
        if _finds(settings.success_pattern, answer):
            return Taken(code, said, _group(reference))
        # A page for people, or nothing, says neither yes nor no.
        if not said or answer.text.lstrip()[:1] == "<":
            return unreadable(answer)
        return NotTaken("gateway", _code_in(answer) or code, said)
    if _says_no(read_json(answer)):
        return NotTaken("gateway", _code_in(answer) or code, said)
    return Taken(code, said, _group(reference))


def _finds(pattern: str, answer: Answer) -> Any:
    """Return where a pattern is in the answer; a pattern without end finds nothing."""
    try:
        return regex.search(pattern, answer.text[:_LOOKED_AT], timeout=_PATTERN_SECONDS)
    except (TimeoutError, regex.error):
        return None


def _group(match: Any) -> str | None:
    if not match:
        return None
    value = match[1] if match.re.groups else match[0]
    return str(value)[:100] if value else None


def _code_in(answer: Answer) -> str | None:
    """The code of an answer in JSON, as most gateways name it, or of a bare number."""
    body = read_json(answer)
    if isinstance(body, int) and not isinstance(body, bool):
        return str(body)
    if isinstance(body, dict):
        for name in ("response_code", "status_code", "error_code", "code"):
            value = body.get(name)
            if isinstance(value, int | str) and not isinstance(value, bool):
                return words(str(value), 60)
    return None


def _says_no(body: Any) -> bool:
    """Whether an answer in JSON says in so many words that it failed, behind a status of success."""
    if isinstance(body, int) and not isinstance(body, bool):
        return 1000 <= body < 1100
    if not isinstance(body, dict):
        return False
    if any(body.get(name) is False for name in ("success", "ok", "status")):
        return True
    if str(body.get("status", "")).lower() in _SAID_NO:
        return True
    code = body.get("response_code")
    if isinstance(code, int | str) and str(code).isdigit():
        return not 200 <= int(code) < 300
    return any(isinstance(body.get(name), str) and body[name].strip() for name in ("error", "error_message"))
