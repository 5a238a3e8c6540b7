from typing import Literal, cast

GetStatementFileLanguage = Literal["bn", "en"]


def check_get_statement_file_language(value: str) -> GetStatementFileLanguage:
    """Return the value, also one that a later release has added."""
    return cast(GetStatementFileLanguage, value)
