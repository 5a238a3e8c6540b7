from typing import Literal, cast

GetStatementFilePaper = Literal["58mm", "80mm", "A4", "A5", "A5x2", "Letter"]


def check_get_statement_file_paper(value: str) -> GetStatementFilePaper:
    """Return the value, also one that a later release has added."""
    return cast(GetStatementFilePaper, value)
