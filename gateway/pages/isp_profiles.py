"""Settings → ISP profile: what is an operator's own, whose the rest is, and a preview before saving."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile

from gateway.commands import documents as document_commands
from gateway.commands import isp_profiles as profile_commands
from gateway.commands.documents import File
from gateway.commands.isp_profiles import Sample
from gateway.http import files
from gateway.http.requests import PathId, path_id
from gateway.operations.submit import Key
from gateway.pages.choices import in_tree_order
from gateway.pages.web import forms, labels
from gateway.pages.web.multipart import checked_multipart
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem, not_found
from gateway.queries import isp_profiles as profile_queries
from gateway.schemas import cursors, fields
from gateway.schemas import isp_profiles as profile_schemas
from gateway.schemas.isp_profiles import TEXTS
from gateway.store import documents as document_store
from gateway.store import operations as operation_store
from gateway.store import operators as operator_store
from shared.contracts.documents import LogoUpload
from shared.ids import new_id

LARGEST_FORM_BYTES = 8_000_000
SAMPLES = ("invoice", "receipt", "statement")
PATH = "/settings/isp-profile"


@dataclass(frozen=True)
class Draft:
    """A profile as it was typed: the texts that are its own, and what is to become of the logo."""

    operator_id: UUID
    own: Mapping[str, str]
    logo: str = "kept"  # kept, theirs, none, upload
    upload: LogoUpload | None = None
    file_came: bool = False  # with this very request; an upload is otherwise carried on by its token
    sample: str = "invoice"
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    key: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """The draft as the API would be asked for it: what is not its own is given back."""
        body: dict[str, Any] = {name: self.own.get(name) for name in TEXTS}
        if self.logo == "theirs":
            body["logo"] = None
        elif self.logo == "none":
            body["no_logo"] = True
        return body


@get(PATH)
async def show_profile(visit: ThisVisit) -> Response[Any]:
    """Show what an operator's documents say of it, field by field."""
    visit.principal.must("change-settings")
    asked = visit.request.query_params.get("operator_id", "")
    operator_id = path_id(asked) if asked else visit.principal.operator_id
    async with visit.reading() as tx:
        rows = await profile_queries.rows_of(tx, visit.principal, operator_id)
    own = {name: value for name, value in (rows[0]["fields"] or {}).items() if name in TEXTS}
    return await _page(visit, Draft(operator_id, own))


async def _page(visit: Visit, draft: Draft, previewed: Mapping[str, Any] | None = None) -> Response[Any]:
    async with visit.reading() as tx:
        rows = await profile_queries.rows_of(tx, visit.principal, draft.operator_id)
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
    return forms.show(
        visit,
        "isp_profiles/grid.html" if visit.is_swap else "isp_profiles/page.html",
        422 if draft.errors or draft.problem else 200,
        **_shown(visit, draft, rows),
        operators=[(each["id"], "– " * (each["level"] - 1) + each["name"]) for each in operators],
        preview=previewed,
    )


def _shown(visit: Visit, draft: Draft, rows: Any) -> dict[str, Any]:
    """Return the form: each field with its value, and what the operators above say."""
    mine = _shown_of(rows)
    above = _shown_of([{**rows[0], "fields": {}, "logo": None, "no_logo": False}, *rows[1:]])
    own_logo = bool(rows[0]["logo"]) or rows[0]["no_logo"]
    state = draft.logo if draft.logo != "kept" else "kept" if own_logo else "theirs"
    return {
        "draft": draft,
        "operator_id": str(draft.operator_id),
        "operator_name": rows[0]["operator_name"],
        "lines": [_line(draft, above, name) for name in TEXTS],
        "own_count": len(draft.own) + (state != "theirs"),
        "logo": _logo_shown(draft, state, rows, mine, above),
        "token": _sealed(visit, draft.upload) if draft.upload else "",
        "version": mine["version"],
        "valid_from": rows[0]["valid_from"],
        "changed_by": mine["changed_by"],
        "names": field_names(),
        "choices": _choices(),
        "samples": [("invoice", _("Invoice")), ("receipt", _("Receipt")), ("statement", _("Statement"))],
        "errors": draft.errors,
        "problem": draft.problem,
        "idempotency_key": draft.key or str(new_id()),
    }


def _line(draft: Draft, above: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One field: its own value, or what is said above and by whom."""
    return {
        "name": name,
        "is_own": name in draft.own,
        "value": draft.own.get(name, above[name]),
        "theirs": above[name],
        "whose": _whose(above, name),
    }


def _shown_of(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return a profile as it is shown, to be read field by field."""
    return cast("Mapping[str, Any]", profile_schemas.profile(rows))


def _whose(above: Mapping[str, Any], name: str) -> str:
    """The operator above that says it; nothing where nobody does."""
    source = above["inherited"].get(name)
    return source["name"] if source and source["id"] != above["operator_id"] else ""


def _logo_shown(
    draft: Draft, state: str, rows: Any, mine: Mapping[str, Any], above: Mapping[str, Any]
) -> dict[str, Any]:
    shown = mine["logo"] if state == "kept" else above["logo"] if state == "theirs" else None
    return {
        "state": state,
        "picture": shown,
        "whose": _whose(above, "logo") if state == "theirs" else "",
        "has_above": len(rows) > 1,
        "upload": draft.upload,
        "error": draft.errors.get("logo", ""),
    }


def field_names() -> dict[str, str]:
    """Return the names of the fields."""
    return {
        "name": _("Name"),
        "logo": _("Logo"),
        "address": _("Address"),
        "phone": _("Phone"),
        "email": _("Email"),
        "tax_id": _("Tax id (BIN)"),
        "colour": _("Colour"),
        "footer": _("Footer"),
        "language": _("Language"),
        "paper": _("Paper"),
        "e_invoice": _("E-invoice"),
    }


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "language": [("en", "English"), ("bn", "বাংলা")],
        "paper": [("A4", "A4"), ("Letter", "Letter"), ("A5", "A5"), ("A5x2", _("Two A5 on an A4"))],
        "e_invoice": [("none", _("None")), ("factur-x", _("Factur-X (EN 16931) inside the PDF"))],
    }


async def _typed(visit: Visit) -> tuple[Draft, Mapping[str, str]]:
    """The draft that was typed, and which button was pressed."""
    form = await checked_multipart(visit.request, visit.principal)
    text = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    own_names = [value for name, value in form.multi_items() if name == "own"]
    own = {name: text.get(name, "").strip() for name in TEXTS if name in own_names}
    operator_id = path_id(text.get("operator_id", ""))
    draft = Draft(
        operator_id,
        own,
        logo=text.get("logo_state", "kept"),
        upload=_unsealed(visit, text.get("logo_token", "")),
        sample=text.get("sample", "") if text.get("sample", "") in SAMPLES else "invoice",
        key=text.get("idempotency_key", "")[:200],
    )
    file = form.get("logo_file")
    if isinstance(file, UploadFile) and file.filename:
        async with visit.reading() as tx:
            await profile_queries.rows_of(tx, visit.principal, operator_id)
        upload = await profile_commands.put_down(visit.gateway, await file.read(), _named(file.filename))
        draft = replace(draft, logo="upload", upload=upload, file_came=True)
    return draft, text


def _named(file_name: str) -> str:
    return "".join(letter for letter in file_name if letter.isprintable())[-100:]


def _sealed(visit: Visit, upload: LogoUpload) -> str:
    """An upload as the form carries it on, so that nobody can name a file that was not theirs."""
    parts = (upload.key, str(upload.size_bytes), upload.sha256, upload.file_name)
    return cursors.seal(visit.gateway.secret, f"logo of {visit.principal.user_id}", *parts)


def _unsealed(visit: Visit, token: str) -> LogoUpload | None:
    if not token:
        return None
    kind = f"logo of {visit.principal.user_id}"
    key, size, digest, file_name = cursors.unseal(visit.gateway.secret, kind, token, 4)
    return LogoUpload(key=key, size_bytes=int(size), sha256=digest, file_name=file_name)


@post(f"{PATH}/draft", status_code=200, request_max_body_size=LARGEST_FORM_BYTES)
async def change_draft(visit: ThisVisit) -> Response[Any]:
    """Make a field the operator's own, give one back, or (without JavaScript) look at the document."""
    visit.principal.must("change-settings")
    draft, pressed = await _typed(visit)
    async with visit.reading() as tx:
        rows = await profile_queries.rows_of(tx, visit.principal, draft.operator_id)
    inherited = _shown_of([{**rows[0], "fields": {}}, *rows[1:]])
    if (name := pressed.get("change", "")) in TEXTS:
        draft = replace(draft, own={**draft.own, name: inherited[name]})
    if (name := pressed.get("give_back", "")) in TEXTS:
        draft = replace(draft, own={each: value for each, value in draft.own.items() if each != name})
    if pressed.get("logo") in ("theirs", "none"):
        draft = replace(draft, logo=pressed["logo"], upload=None)
    previewed, draft = await _previewed(visit, draft)
    return await _page(visit, draft, previewed)


@post(f"{PATH}/preview", status_code=200, request_max_body_size=LARGEST_FORM_BYTES)
async def preview(visit: ThisVisit) -> Response[Any]:
    """The document as what was typed would make it, with the answer to a picture that was chosen."""
    visit.principal.must("change-settings")
    draft, _pressed = await _typed(visit)
    previewed, draft = await _previewed(visit, draft)
    async with visit.reading() as tx:
        rows = await profile_queries.rows_of(tx, visit.principal, draft.operator_id)
    # Without a picture there is no answer to one: a fresh field would lose what was chosen meanwhile.
    answers_picture = draft.file_came or "logo" in draft.errors
    template = "isp_profiles/previewed.html" if answers_picture else "isp_profiles/preview.html"
    return visit.page(template, preview=previewed, **_shown(visit, draft, rows))


async def _previewed(visit: Visit, draft: Draft) -> tuple[dict[str, Any], Draft]:
    """Return the preview, and the draft with its faults; a refused picture is left out."""
    try:
        body = fields.read(profile_schemas.IspProfile, json.dumps(draft.body).encode())
        found = await profile_commands.preview(
            visit.gateway,
            visit.principal,
            draft.operator_id,
            body,
            draft.upload,
            cast("Sample", draft.sample),
        )
        if not isinstance(found, File) and found.problem is not None:
            raise found.problem
    except Problem as problem:
        if problem.code == "logo-refused":
            refused = replace(draft, logo="kept", upload=None)
            seen, refused = await _previewed(visit, refused)
            return seen, replace(refused, errors={**refused.errors, "logo": logo_text(problem)})
        errors, text = _told(problem)
        return {"state": "wrong", "text": text or _("Correct what is marked to see it here.")}, replace(
            draft, errors=errors
        )
    if isinstance(found, File):
        return {"state": "ready", "id": str(found.document.id)}, draft
    return {"state": "waiting", "id": str(found.operation_id)}, draft


@get(f"{PATH}/previews/{{document_id:str}}")
async def show_preview(visit: ThisVisit, document_id: PathId) -> Response[Any]:
    """A preview that took longer: looked for again until it is there."""
    visit.principal.must("change-settings")
    found = path_id(document_id)
    async with visit.reading() as tx:
        operation = await operation_store.find(tx, found)
    if operation is None or operation.caller != visit.principal.caller:
        raise not_found()
    if operation.problem is not None:
        text = labels.problem_text(operation.problem["code"], operation.problem["detail"])
        shown = {"state": "wrong", "text": text}
    else:
        state = "ready" if operation.state == "completed" else "waiting"
        shown = {"state": state, "id": str(found)}
    return visit.page("isp_profiles/preview.html", preview=shown)


@get([f"{PATH}/previews/{{document_id:str}}/page.png", f"{PATH}/previews/{{document_id:str}}/sample.pdf"])
async def send_preview(visit: ThisVisit, document_id: PathId) -> Response[Any]:
    """The first page as a picture, or the sample itself."""
    visit.principal.must("change-settings")
    found = path_id(document_id)
    async with visit.reading() as tx:
        operation = await operation_store.find(tx, found)
        document = await document_store.by_id(tx, found)
    if operation is None or document is None or document.kind != "preview":
        raise not_found()
    if operation.caller != visit.principal.caller:
        raise not_found()
    if not visit.request.url.path.endswith(".png"):
        return files.send(await document_commands.opened(visit.gateway, document, document.blob_key))
    key = document.blob_key.removesuffix(".pdf") + ".png"
    return files.picture(await document_commands.opened(visit.gateway, document, key), "image/png")


@get(f"{PATH}/logo")
async def send_logo(visit: ThisVisit) -> Response[Any]:
    """The logo that an operator's documents bear."""
    asked = visit.request.query_params.get("operator_id", "")
    operator_id = path_id(asked) if asked else visit.principal.operator_id
    return await files.logo(visit.gateway, visit.principal, operator_id)


@post(PATH, status_code=200, request_max_body_size=LARGEST_FORM_BYTES)
async def save_profile(visit: ThisVisit) -> Response[Any]:
    """Make the draft the profile of what is issued from now on."""
    visit.principal.must("change-settings")
    draft, _pressed = await _typed(visit)
    raw = json.dumps({"operator_id": str(draft.operator_id), **draft.body})
    upload = draft.upload.sha256 if draft.upload else ""
    key = Key.of(draft.key or str(new_id()), "isp-profile", raw, upload)
    read = partial(fields.read, profile_schemas.IspProfile, raw.encode())
    try:
        outcome = await profile_commands.change_profile(
            visit.gateway, visit.principal, read, key, draft.upload
        )
        if outcome.problem is not None:
            raise outcome.problem
        sent = forms.Sent((draft.operator_id,), {}, outcome)
        return forms.done(visit, sent, f"{PATH}?operator_id={draft.operator_id}", "saved")
    except Problem as problem:
        if problem.status not in (409, 422, 503):
            raise
        if problem.code == "logo-refused":
            draft = replace(draft, logo="kept", upload=None, errors={"logo": logo_text(problem)}, key="")
        else:
            errors, text = _told(problem)
            draft = replace(draft, errors=errors, problem=text, key="")
    return await _page(visit, draft)


def _told(problem: Problem) -> tuple[dict[str, str], str]:
    """Return the faults by field, and a text for the rest."""
    known = {
        "name": _("Type a name of at most 200 characters."),
        "address": _("At most 300 characters."),
        "phone": _("At most 100 characters."),
        "email": _("At most 100 characters."),
        "tax_id": _("At most 100 characters."),
        "footer": _("At most 400 characters."),
        "colour": _("Choose a colour."),
    }
    errors = {name: known.get(name, detail) for name, detail in problem.errors if name in TEXTS}
    return errors, "" if errors else labels.problem_text(problem.code, problem.detail)


def logo_text(problem: Problem) -> str:
    """Why a picture cannot be a logo, and what to do, in the reader's words."""
    facts = {name: problem.extra.get(name, "") for name in ("size", "format", "width", "height")}
    known = {
        "too-many-bytes": _("%(size)s is over 2 MB. Make the picture smaller."),
        "svg": _("SVG drawings are not taken, they can carry programs. Export it as PNG, 1,000 px wide."),
        "other-format": _(
            "It is a %(format)s file, whatever its name says. Save it as PNG or JPEG and choose it again."
        ),
        "too-many-pixels": _(
            "%(width)s × %(height)s px is over 4,000 px. Make it smaller; 1,000 px are plenty on paper."
        ),
        "animated": _("It moves. An invoice shows one picture: save the first frame as PNG."),
        "damaged": _("The file is damaged or made to do harm. It was not opened. Choose another."),
        "missing": _("The picture did not arrive whole. Choose it again."),
    }
    text = known.get(str(problem.extra.get("reason", "")))
    return text % facts if text else problem.detail


ROUTES = [show_profile, change_draft, preview, show_preview, send_preview, send_logo, save_profile]
