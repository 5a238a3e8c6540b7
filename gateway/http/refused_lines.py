"""The refused lines of an import as the file had them, with a reason: to be corrected and sent again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.problems import Problem
from gateway.schemas.import_columns import Options, lay_out
from gateway.schemas.import_tables import REASON, Table, column_key
from gateway.schemas.neutral import neutral


def refused_csv(
    table: Table, options: Options, refused: Sequence[Mapping[str, Any]], reasons: Mapping[int, str]
) -> bytes:
    """Return the header and the refused lines, in the file's own columns, order, separator and encoding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.separator, lineterminator="\r\n")
    try:
        header = lay_out(table, options).header.cells
    except Problem:
        header = []
    last = max((place for place, cell in enumerate(header) if cell.strip()), default=-1) + 1
    # A file of ours that comes back refused again gets the new reason in the place of the old one.
    width = last - 1 if last and column_key(header[last - 1]) == REASON else last
    writer.writerow([*header[:width], REASON])
    cells = {row.line: row.cells for row in table.rows}
    bad = {line: said for line, said, _ in table.bad}
    for line in sorted({int(each["line"]) for each in refused}):
        reason = neutral(reasons[line])
        if line in cells:
            own = [neutral(cell) for cell in cells[line]]
            # Cells beyond the header stay beyond it: nothing is lost, the line is refused until it is right.
            beyond = own[last:] if any(cell.strip() for cell in own[last:]) else []
            writer.writerow([*own[:width], *[""] * (width - len(own)), reason, *beyond])
        elif line in bad:
            own = [neutral(cell) for cell in _split(bad[line], table.separator, width)]
            writer.writerow([*own, *[""] * (width - len(own)), reason])
    return text.getvalue().encode("utf-8-sig" if table.kind == "xlsx" else table.encoding)


def _split(line: str, separator: str, width: int) -> list[str]:
    """Return what a line with a bad quotation mark probably holds, or all of it in one cell."""
    own = next(csv.reader([line], delimiter=separator), [])
    return own if len(own) <= width else [line]
