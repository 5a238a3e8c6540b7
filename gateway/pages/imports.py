"""Customers from a file: first what is in it and what is wrong, then the import and its report."""

from __future__ import annotations

import asyncio
import base64
import csv
import gzip
import io
import zlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType

from gateway.commands import imports as import_commands
from gateway.http import uploads
from gateway.http.requests import LARGEST_FILE_BYTES, PathId, path_id, refuse_other_sites
from gateway.operations import results
from gateway.operations.submit import Key
from gateway.pages.web import forms, labels, render
from gateway.pages.web.submission import check_csrf
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem, not_found, wrong
from gateway.queries import billing_settings as settings_queries
from gateway.schemas.imports import COLUMNS, Reading, read_customers, refusal
from gateway.store import imports as import_store
from gateway.store import operations as operation_store
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from gateway.store.access import reaches
from shared.db import Tx
from shared.ids import new_id
from shared.values.texts import lookup_key

LINES_SHOWN = 20
REFUSED_SHOWN = 200
LARGEST_FORM_BYTES = LARGEST_FILE_BYTES + 1_000_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t")


@get("/customers/import")
async def show_import(visit: ThisVisit) -> Response[Any]:
    """Choose a file."""
    visit.principal.must("change-customers")
    return _choose(visit)


def _choose(visit: Visit, problem: str = "") -> Response[Any]:
    return forms.show(visit, "imports/choose.html", 422 if problem else 200, problem=problem, columns=COLUMNS)


@post("/customers/import", status_code=200, request_max_body_size=LARGEST_FORM_BYTES)
async def take_file(visit: ThisVisit) -> Response[Any]:
    """A file is looked at first; what was looked at is imported."""
    visit.principal.must("change-customers")
    form = await _checked_form(visit)
    try:
        if form.get("step") == "import":
            raw = await asyncio.to_thread(_unpacked, str(form.get("content", "")))
            return await _begin(visit, raw, str(form.get("idempotency_key") or new_id())[:200])
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
        if not content:
            return _choose(visit, _("Choose a file first."))
        return await _preview(visit, await uploads.table_of(content))
    except Problem as problem:
        if problem.status not in (415, 422):
            raise
        said = "; ".join(detail for _name, detail in problem.errors) or problem.detail
        return _choose(visit, labels.upload_text(problem.extra.get("verdict", ""), said))


async def _checked_form(visit: Visit) -> Mapping[str, Any]:
    """A form that carries a file; refused unless it carries the session's token."""
    refuse_other_sites(visit.request)
    if visit.request.content_type[0] != RequestEncodingType.MULTI_PART:
        raise Problem(415, "unsupported-media-type", "A form with a file is sent as multipart/form-data.")
    form = await visit.request.form()
    check_csrf(visit.request, visit.principal, form)
    return form


async def _preview(visit: Visit, raw: bytes) -> Response[Any]:
    async with visit.reading() as tx:
        place = await settings_queries.place(tx)
    reading = await asyncio.to_thread(read_customers, raw, place)
    async with visit.reading() as tx:
        doubtful = await _doubtful(tx, visit, reading)
    refused = sorted([*reading.refused, *doubtful], key=lambda line: int(str(line["line"])))
    wrong_lines = {line["line"] for line in refused}
    content = await asyncio.to_thread(gzip.compress, raw, 6)
    return forms.show(
        visit,
        "imports/preview.html",
        lines=reading.lines[:LINES_SHOWN],
        wrong_lines=wrong_lines,
        good=len(reading.lines) - len(doubtful),
        refused=refused[:REFUSED_SHOWN],
        refused_count=len(refused),
        warnings=reading.warnings[:LINES_SHOWN],
        content=base64.urlsafe_b64encode(content).decode(),
        idempotency_key=str(new_id()),
    )


async def _doubtful(tx: Tx, visit: Visit, reading: Reading) -> list[dict[str, Any]]:
    """Lines that name an operator or a package which the reader does not know; the import decides."""
    codes = {lookup_key(each["code"]) for each in await operator_store.in_reach(tx, visit.principal)}
    names = {lookup_key(each["name"]) for each in await package_store.on_sale(tx, visit.principal)}
    found: list[dict[str, Any]] = []
    for line in reading.lines:
        reasons = []
        if line.operator and lookup_key(line.operator) not in codes:
            text = _("operator %(code)s is not known here") % {"code": line.operator}
            reasons.append(("", text))
        if line.package and lookup_key(line.package) not in names:
            reasons.append(("", _("package %(name)s is not known here") % {"name": line.package}))
        if reasons:
            found.append(refusal(line.line, line.code, reasons))
    return found


def _unpacked(content: str) -> bytes:
    """The file of a preview, as it was sent; a bomb is not unpacked."""
    try:
        packed = base64.urlsafe_b64decode(content)
        unpacker = zlib.decompressobj(wbits=31)
        raw = unpacker.decompress(packed, LARGEST_FILE_BYTES)
    except (ValueError, zlib.error) as error:
        raise wrong("file", _("The preview was spoilt on its way. Choose the file again.")) from error
    if unpacker.unconsumed_tail:
        raise wrong("file", _("The file is too large."))
    return raw


async def _begin(visit: Visit, raw: bytes, key: str) -> Response[Any]:
    outcome = await import_commands.import_customers(
        visit.gateway, visit.principal, raw, Key.of(key, "page", "import", raw)
    )
    return render.see_other(f"/customers/imports/{outcome.operation_id}")


async def _report(tx: Tx, visit: Visit, import_id: UUID) -> dict[str, Any]:
    found = await operation_store.find(tx, import_id)
    if found is None or found.kind != "import" or not await reaches(tx, visit.principal, found.operator_id):
        raise not_found("There is no such import.")
    progress = await import_store.find_import(tx, import_id)
    described = await results.describe(tx, found, visit.gateway.portals)
    return {"state": described["state"], "report": described["resource"], "progress": progress}


@get("/customers/imports/{import_id:str}")
async def show_report(visit: ThisVisit, import_id: PathId) -> Response[Any]:
    """How far the import is, then what became of its lines."""
    visit.principal.must("change-customers")
    async with visit.reading() as tx:
        facts = await _report(tx, visit, path_id(import_id))
    template = "imports/report.html" if visit.is_swap else "imports/report-page.html"
    return forms.show(visit, template, import_id=import_id, most=REFUSED_SHOWN, **facts)


@get("/customers/imports/{import_id:str}/refused.csv")
async def download_refused(visit: ThisVisit, import_id: PathId) -> Response[Any]:
    """The refused lines with their reasons, for whoever corrects the file."""
    visit.principal.must("change-customers")
    async with visit.reading() as tx:
        facts = await _report(tx, visit, path_id(import_id))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("line", "code", "reason"))
    for line in (facts["report"] or {}).get("refused", []):
        writer.writerow((line["line"], _harmless(str(line["code"])), _harmless(str(line["reason"]))))
    headers = {"Content-Disposition": 'attachment; filename="refused.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


ROUTES = [show_import, take_file, show_report, download_refused]
