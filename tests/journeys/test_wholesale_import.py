"""A file of twenty thousand customers from another system. The last journey: runs take longer after it."""

from __future__ import annotations

import os

from tests.journeys.conftest import COLUMNS, OPERATORS, customers_file
from tests.journeys.stack import Body, Office

ROWS = 20_000


async def test_a_file_of_twenty_thousand_lines_is_taken_line_by_line_and_again_changes_nothing(
    office: Office,
) -> None:
    good = customers_file(ROWS, OPERATORS, "IMPORT", "none").replace(",", ";").replace("\r\n", "\n")
    bad = [
        "IMPORT-X1;No operator;+8801711000001;Road;NOBODY;Home;active;none;2020-01-01",
        "IMPORT-X2;No package;+8801711000001;Road;OP1;Nothing;active;none;2020-01-01",
        "IMPORT-X3;Bad status;+8801711000001;Road;OP1;Home;asleep;none;2020-01-01",
        "IMPORT-X4;Bad mobile;call me;Road;OP1;Home;active;none;2020-01-01",
        "IMPORT-X5;Bad day;+8801711000001;Road;OP1;Home;active;none;2020-02-30",
        "IMPORT-X6;Too few",
        'IMPORT-0;"Twice; the same code";+8801711000001;Road;OP1;Home;active;none;2020-01-01',
    ]
    assert ";".join(COLUMNS) in good
    file = "\ufeff" + good + "\n".join(bad) + "\n"

    async def bring() -> Body:
        headers = {"Content-Type": "text/csv", "Idempotency-Key": os.urandom(8).hex()}
        answer = await office.client.post("/customers/import", content=file.encode(), headers=headers)
        assert answer.status_code == 202, answer.text
        return await office.done(answer)

    first, second = await bring(), await bring()
    assert (first["created"], first["updated"], first["unchanged"]) == (ROWS, 0, 0)
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, ROWS)
    for report in (first, second):
        assert [each["line"] for each in report["refused"]] == list(range(ROWS + 2, ROWS + 2 + len(bad)))
