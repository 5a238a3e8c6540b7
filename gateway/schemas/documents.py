"""Bills, receipts and statements as files: how one is to look, and how one that was made is told."""

from __future__ import annotations

from typing_extensions import TypedDict

from gateway.schemas.answers import answer
from gateway.schemas.filters import Between, Query
from shared.contracts.documents import Language, Paper


class Look(Query):
    """How a file is to look; what is not named is the ISP profile's."""

    language: Language | None = None
    """The language of its words and figures."""
    paper: Paper | None = None
    """What it is printed on; 80mm and 58mm are rolls."""


class StatementQuery(Between):
    """The days of a statement; without days the last twelve months."""


class StatementFileQuery(StatementQuery, Look):
    """The days of a statement, and how its file is to look."""


@answer
class Document(TypedDict):
    """A file that was made."""

    kind: str
    """What it shows."""
    url: str
    """Where it is fetched."""
    file_name: str
    """The name to save it by."""
    media_type: str
    """What kind of file it is."""
    size_bytes: int
    """Its size."""
