"""Customers from a file in four steps: the file, its columns, what would change, the import."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from gateway.access import Principal
from gateway.commands import imports as import_commands
from gateway.domain import shifted
from gateway.http import imported, uploads
from gateway.http.csv import headers_of
from gateway.http.requests import LARGEST_FILE_BYTES, PathId, path_id, refuse_other_sites
from gateway.operations.submit import Key
from gateway.pages import import_forms, import_texts
from gateway.pages.import_consequences import Consequences
from gateway.pages.web import formats, forms, labels, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.submission import check_csrf
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem, not_found
from gateway.queries import imports as import_queries
from gateway.queries.imports import Preview
from gateway.schemas import import_columns
from gateway.schemas.import_columns import Options
from gateway.schemas.import_reports import all_refused
from gateway.schemas.import_tables import Table, unique_names
from gateway.schemas.imports import CHUNK_LINES, NUMBERS, Reading
from gateway.store import imports as import_store
from gateway.store import operations as operation_store
from gateway.store import users as user_store
from gateway.store.imports import File
from gateway.store.statements import Row
from shared.contracts.placement import Placed
from shared.db import Tx
from shared.ids import new_id

ROWS_SHOWN = 50
MOST_ROWS_SHOWN = 1_000
WARNINGS_SHOWN = 20
FAULTS_SHOWN = 100
IMPORTS_SHOWN = 10
LARGEST_FORM_BYTES = LARGEST_FILE_BYTES + 1_000_000


@get("/customers/import")
async def show_import(visit: ThisVisit) -> Response[Any]:
    """Choose a file."""
    visit.principal.must("change-customers")
    return await _choose(visit)


async def _choose(visit: Visit, problem: str = "") -> Response[Any]:
    async with visit.reading() as tx:
        earlier = await import_store.latest(tx, visit.principal, IMPORTS_SHOWN)
    status = 422 if problem else 200
    return forms.show(visit, "imports/choose.html", status, problem=problem, earlier=earlier)


@get("/customers/import/template.csv")
async def download_template(visit: ThisVisit) -> Response[Any]:
    """An empty file with our columns."""
    visit.principal.must("change-customers")
    headers = headers_of("customers.csv")
    return Response(import_columns.template(), media_type="text/csv; charset=utf-8", headers=headers)


@post("/customers/import", status_code=200, request_max_body_size=LARGEST_FORM_BYTES)
async def take_file(visit: ThisVisit) -> Response[Any]:
    """Keep the file, and go on to its columns; a file of ours needs no such step."""
    visit.principal.must("change-customers")
    try:
        name, content = await _uploaded(visit)
        if not content:
            return await _choose(visit, _("Choose a file first."))
        table = await uploads.table_of(content)
        file_id = await import_commands.keep_file(visit.gateway, visit.principal, name, content)
    except Problem as problem:
        if problem.status not in (413, 415, 422):
            raise
        return await _choose(visit, _refused_text(problem))
    step = "/check" if _is_ours(table) else ""
    return render.see_other(f"/customers/import/{file_id}{step}")


def _is_ours(table: Table) -> bool:
    try:
        import_columns.lay_out(table, Options())
    except Problem:
        return False
    return True


def _refused_text(problem: Problem) -> str:
    verdict = str(problem.extra.get("verdict", ""))
    said = "; ".join(detail for _name, detail in problem.errors) or problem.detail
    if verdict == "too-large":
        return _("The file holds more than can be taken: %(limit)s. Split it and send the parts.") % {
            "limit": uploads.LIMIT
        }
    known = {
        "protected": _("The workbook is protected by a password. Save it as .xlsx without one, or as CSV."),
        "old-xls": _("This is a workbook of another kind (.xls or .xlsb). Save it as .xlsx or as CSV."),
        "ods": _("This is an OpenDocument sheet (.ods). Save it as .xlsx or as CSV."),
        "word": _("This is a text document. Copy its table to a spreadsheet, and save that as .xlsx."),
        "markup": _(
            "This is a web page or XML, whatever its name says."
            " Open it in a spreadsheet and save it as .xlsx."
        ),
        "no-such-sheet": _("The workbook has no sheet of this name."),
    }
    return known.get(verdict) or labels.upload_text(verdict, said)


async def _uploaded(visit: Visit) -> tuple[str, bytes]:
    """The name and content of a form's file; refused unless the form carries the session's token."""
    refuse_other_sites(visit.request)
    if visit.request.content_type[0] != RequestEncodingType.MULTI_PART:
        raise Problem(415, "unsupported-media-type", "A form with a file is sent as multipart/form-data.")
    try:
        form = await visit.request.form()
    except RequestEntityTooLarge as error:
        raise uploads.too_large() from error
    check_csrf(visit.request, visit.principal, form)
    file = form.get("file")
    if not isinstance(file, UploadFile):
        return "", b""
    return (file.filename or "")[-120:], await file.read()


async def _file(visit: Visit, file_id: str) -> File:
    """A file that the visitor uploaded; 404 for everybody else's."""
    async with visit.reading() as tx:
        file = await import_store.find_file(tx, path_id(file_id))
    if file is None or file.caller != visit.principal.caller:
        raise not_found("There is no such file, or it is no longer kept. Choose it again.")
    return file


async def _table(file: File, sheet: str = "") -> Table:
    return await uploads.table_of(await asyncio.to_thread(import_store.unpacked, file.content), sheet)


@get("/customers/import/{file_id:str}")
async def show_columns(visit: ThisVisit, file_id: PathId) -> Response[Any]:
    """Which of the file's columns is which of ours: as it was last time, or guessed."""
    visit.principal.must("change-customers")
    query = visit.request.query_params
    said = str(query.get("header", ""))
    header = int(said[:9]) if said.isascii() and said.isdigit() else None
    file = await _file(visit, file_id)
    return await _columns(visit, file, None, header, str(query.get("sheet", "")))


@post("/customers/import/{file_id:str}", status_code=200)
async def show_columns_again(visit: ThisVisit, file_id: PathId) -> Response[Any]:
    """Back from the check, with what had been chosen."""
    visit.principal.must("change-customers")
    form = await visit.submission()
    file = await _file(visit, file_id)
    options = import_forms.options_of(form.one("options"))
    return await _columns(visit, file, options, None, options.sheet)


async def _columns(
    visit: Visit,
    file: File,
    options: Options | None,
    header: int | None,
    sheet: str,
    problem: str = "",
) -> Response[Any]:
    table = await _table(file, sheet)
    async with visit.reading() as tx:
        catalog = await import_queries.catalog_of(tx, visit.principal, Reading())
        if options is None:
            options = await _remembered(tx, visit.principal, table, header)
    return forms.show(
        visit,
        "imports/columns.html",
        422 if problem else 200,
        file=file,
        table=table,
        mapped=import_forms.mapped(table, options, header, catalog),
        names=import_texts.column_names(),
        operators=sorted(row["code"] for rows in catalog.operators.values() for row in rows),
        packages=sorted({row["name"] for rows in catalog.packages.values() for row in rows}),
        statuses=labels.customer_statuses(),
        cycles=labels.billing_cycles(),
        dates=import_texts.dates_texts(),
        twins=import_texts.twins_texts(),
        problem=problem,
        options_json=_json(options) if options else "",
    )


async def _remembered(tx: Tx, principal: Principal, table: Table, header: int | None) -> Options | None:
    """Return what was chosen for a file with the same header before."""
    row = (table.header(header) if header else None) or import_columns.likely_header(table)
    names = unique_names(row.cells) if row else []
    before = await import_store.remembered(tx, principal.operator_id, import_columns.mapping_key(names))
    return import_forms.options_of(before) if before else None


def _json(options: Options) -> str:
    return json.dumps(options.body(), ensure_ascii=False)


@get("/customers/import/{file_id:str}/check")
async def check_ours(visit: ThisVisit, file_id: PathId) -> Response[Any]:
    """Show what a file of ours would change."""
    visit.principal.must("change-customers")
    file = await _file(visit, file_id)
    return await _check(visit, file, await _table(file), Options(), "")


@post("/customers/import/{file_id:str}/check", status_code=200)
async def check(visit: ThisVisit, file_id: PathId) -> Response[Any]:
    """Show what the file would change by these columns, and by what was chosen under its faults."""
    visit.principal.must("change-customers")
    form = await visit.submission()
    file = await _file(visit, file_id)
    if form.has("column-code"):
        options = import_forms.options_from(form)
    else:
        options = import_forms.with_choices(import_forms.options_of(form.one("options")), form)
    try:
        table = await _table(file, options.sheet)
        return await _check(visit, file, table, options, form.one("show"), form.one("rows") == "all")
    except Problem as problem:
        if problem.status != 422:
            raise
        said = "; ".join(detail for _name, detail in problem.errors) or problem.detail
        return await _columns(visit, file, options, options.header, options.sheet, said)


async def _check(
    visit: Visit, file: File, table: Table, options: Options, show: str, shows_all: bool = False
) -> Response[Any]:
    began = time.monotonic()
    seen = await import_commands.look(visit.gateway, visit.principal, table, options)
    faults = import_texts.grouped(seen.refused)
    shown = show if show in ("new", "changed", "unchanged") else _first(seen)
    return forms.show(
        visit,
        "imports/check.html",
        file=file,
        seen=seen,
        seconds=round(time.monotonic() - began, 1),
        counts={"new": len(seen.new), "changed": len(seen.changed), "unchanged": len(seen.unchanged)},
        faults=faults[:FAULTS_SHOWN],
        has_twins=any(fault.code in import_texts.TWINS for fault in faults),
        warnings=import_texts.warned(seen.warnings, MOST_ROWS_SHOWN if shows_all else WARNINGS_SHOWN),
        warning_count=len(seen.warnings),
        shown=shown,
        rows=_rows(seen, shown, visit, MOST_ROWS_SHOWN if shows_all else ROWS_SHOWN),
        most_rows=MOST_ROWS_SHOWN,
        by_field=_by_field(seen),
        options=options,
        options_json=_json(options),
        left_out=seen.reading.layout.left_out if seen.reading.layout else [],
        ours=_ours(seen),
        twins=import_texts.twins_texts(),
        names=import_texts.column_names(),
        idempotency_key=str(new_id()),
    )


def _first(seen: Preview) -> str:
    return "changed" if seen.changed else "new" if seen.new else "unchanged"


def _ours(seen: Preview) -> dict[str, list[str]]:
    """Return what may be chosen for a value of theirs."""
    return {
        "operator": sorted(row["code"] for rows in seen.catalog.operators.values() for row in rows),
        "package": sorted({row["name"] for rows in seen.catalog.packages.values() for row in rows}),
        "status": ["active", "suspended", "closed"],
        "billing_cycle": ["monthly", "daily", "none"],
    }


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a customer, before and after."""

    field: str
    before: str
    after: str
    so_that: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A line of the check: the customer, and what becomes different."""

    line: int
    code: str
    name: str
    changes: list[Change]


def _rows(seen: Preview, shown: str, visit: Visit, most: int) -> list[ShownRow]:
    """The first lines of a kind, each with what becomes different and what follows from it."""
    kind: Sequence[Placed] = {"new": seen.new, "changed": seen.changed}.get(shown, seen.unchanged)
    packages = {row["id"]: row for rows in seen.catalog.packages.values() for row in rows}
    operators = {row["id"]: row["code"] for rows in seen.catalog.operators.values() for row in rows}
    next_month = shifted(visit.desk.today.strftime("%Y-%m"), 1)
    consequences = Consequences(visit.formats, next_month, packages, operators)
    written = partial(_written, visit, operators, packages)
    return [_row(placed, shown, written, consequences) for placed in kind[:most]]


def _row(
    placed: Placed, shown: str, written: Callable[[str, Mapping[str, Any]], str], consequences: Consequences
) -> ShownRow:
    """A line of the check."""
    line, before = placed.line, placed.customer or {}
    after = {**line.model_dump(), "operator_id": placed.operator_id, "package_id": placed.package_id}
    fields = placed.changes() if shown == "changed" else _given(placed) if shown == "new" else []
    changes = [
        Change(
            name.removesuffix("_id"),
            written(name, before),
            written(name, after),
            consequences.of(name, before, after) if shown == "changed" else "",
        )
        for name in fields
    ]
    return ShownRow(line.line, line.code, line.name or "", changes)


def _written(
    visit: Visit,
    operators: Mapping[UUID, str],
    packages: Mapping[UUID, Mapping[str, Any]],
    name: str,
    values: Mapping[str, Any],
) -> str:
    """Return a field of a customer in the reader's words."""
    value: Any = values.get(name)
    if name == "operator_id":
        return str(operators.get(value, values.get("operator_code", "")))
    if name == "package_id":
        return str(packages[value]["name"] if value in packages else values.get("package_name", ""))
    if name in NUMBERS:
        return formats.mobile(value) if value else "–"
    if name == "status":
        return labels.customer_statuses().get(value, "–")
    if name == "billing_cycle":
        return labels.billing_cycles().get(value, "–")
    if name == "since":
        return visit.formats.day_year(value)
    return str(value) if value else "–"


def _by_field(seen: Preview) -> list[tuple[str, int]]:
    """Return how many customers change in each field, the most frequent first."""
    counted = Counter(name.removesuffix("_id") for placed in seen.changed for name in placed.changes())
    return counted.most_common()


def _given(placed: Placed) -> list[str]:
    return ["operator_id", "package_id", "mobile", "alternate_mobile", "status", "billing_cycle", "since"]


@post("/customers/import/{file_id:str}/begin", status_code=200)
async def begin(visit: ThisVisit, file_id: PathId) -> Response[Any]:
    """Import what was checked, as it was checked."""
    visit.principal.must("change-customers")
    form = await visit.submission()
    file = await _file(visit, file_id)
    options = import_forms.options_of(form.one("options"))
    table = await _table(file, options.sheet)
    key = Key.of(form.one("idempotency_key")[:200] or str(new_id()), "page", "import", str(file.id))
    outcome = await import_commands.import_customers(
        visit.gateway, visit.principal, table, options, file, key
    )
    return render.see_other(f"/customers/imports/{outcome.operation_id}")


async def _report(visit: Visit, import_id: UUID) -> dict[str, Any]:
    async with visit.reading() as tx:
        operation = await import_commands.found_import(tx, visit.principal, import_id)
        found = await import_store.find_import(tx, import_id)
        if found is None:
            raise not_found("There is no such import.")
        by = await user_store.by_id(tx, UUID(operation.caller.removeprefix("user:")))
        undone = await import_store.find_import(tx, found["undone_by"]) if found["undone_by"] else None
        undo_operation = await operation_store.find(tx, found["undone_by"]) if found["undone_by"] else None
    refused = all_refused(found)
    counts = {name: int(found[name]) for name in ("created", "updated", "unchanged")}
    return {
        "import_id": import_id,
        "found": found,
        "by": by["name"] if by else "",
        "is_over": operation.state != "pending" and found["visible"] >= found["created"],
        "counts": counts,
        "done": sum(counts.values()) + len(refused),
        "refused_count": len(refused),
        "faults": import_texts.grouped(refused)[:FAULTS_SHOWN],
        "warnings": import_texts.warned(found["warnings"], WARNINGS_SHOWN),
        "warning_count": len(found["warnings"]),
        "undone": undone,
        "is_undone": undo_operation is not None and undo_operation.state == "completed",
        **_of_undoing(undone),
        "has_file": found["file_id"] is not None,
        "chunk_lines": CHUNK_LINES,
    }


def _of_undoing(undone: Row | None) -> dict[str, Any]:
    """Return what came back, by field, and who stayed, each with the reason."""
    kept = all_refused(undone) if undone else []
    names = import_texts.column_names()
    restored = (undone["restored"] or {}) if undone else {}
    by_field = Counter({names[name.removesuffix("_id")]: int(number) for name, number in restored.items()})
    return {
        "kept": [
            {"line": each["line"], "code": each["code"], "text": import_texts.reasons_text(each)}
            for each in kept[:ROWS_SHOWN]
        ],
        "kept_count": len(kept),
        "restored": by_field.most_common(),
    }


@get("/customers/imports/{import_id:str}")
async def show_report(visit: ThisVisit, import_id: PathId) -> Response[Any]:
    """How far the import is, then what became of its lines."""
    visit.principal.must("change-customers")
    facts = await _report(visit, path_id(import_id))
    template = "imports/report.html" if visit.is_swap else "imports/report-page.html"
    return forms.show(visit, template, **facts)


@get("/customers/imports/{import_id:str}/refused.csv")
async def download_refused(visit: ThisVisit, import_id: PathId) -> Response[Any]:
    """The refused lines with their reasons, in the file's own columns, for whoever corrects them."""
    visit.principal.must("change-customers")
    return await imported.refused_lines(
        visit.gateway, visit.principal, path_id(import_id), import_texts.reasons_text
    )


@get("/customers/imports/{import_id:str}/kept.csv")
async def download_kept(visit: ThisVisit, import_id: PathId) -> Response[Any]:
    """The lines whose customers stayed as they were, or in part, when the import was taken back."""
    visit.principal.must("change-customers")
    return await imported.kept_lines(
        visit.gateway, visit.principal, path_id(import_id), import_texts.reasons_text
    )


async def _to_report(visit: Visit, sent: Sent) -> Response[Any]:
    return forms.go(visit, f"/customers/imports/{sent.subject_ids[0]}")


CANCEL = Form(
    "/customers/imports/{import_id:str}/cancel",
    permission="change-customers",
    command=import_commands.cancel,
    is_keyed=False,
    done=_to_report,
)


async def _undoing(visit: Visit, import_id: UUID) -> Sheet:
    """Say what taking an import back does, and to how many."""
    async with visit.reading() as tx:
        await import_commands.found_import(tx, visit.principal, import_id)
        prospects = await import_store.undo_prospects(tx, import_id)
    return Sheet(
        heading=_("Take this import back?"),
        label=_("Take the import back"),
        back=f"/customers/imports/{import_id}",
        tone="danger",
        context={"prospects": prospects},
    )


UNDO = Form(
    "/customers/imports/{import_id:str}/undo",
    permission="change-customers",
    template="imports/undo-form.html",
    sheet=_undoing,
    command=import_commands.undo,
    is_keyed=False,
    done=_to_report,
)

ROUTES = [
    show_import,
    download_template,
    take_file,
    show_columns,
    show_columns_again,
    check_ours,
    check,
    begin,
    show_report,
    download_refused,
    download_kept,
    *CANCEL.routes,
    *UNDO.routes,
]
