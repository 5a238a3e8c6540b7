"""A ZIP that is sent while it is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import pytest

from shared.zips import Member, stream_zip, zip_size

NOON = datetime(2026, 12, 14, 12, 0)


async def parts(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1_000):
        yield content[start : start + 1_000]


async def members(*names: str) -> AsyncIterator[Member]:
    for name in names:
        yield Member(name, NOON, parts(name.encode() * 500))


async def whole(names: Sequence[str], skip_bytes: int = 0) -> bytes:
    return b"".join([part async for part in stream_zip(members(*names), skip_bytes)])


async def test_names_of_every_script_come_back_with_their_content() -> None:
    names = ["SDG-000137 Meghna Traders.pdf", "SDG-000138 মোঃ রফিকুল ইসলাম.pdf", "errors.csv"]
    archive = zipfile.ZipFile(io.BytesIO(await whole(names)))
    assert archive.testzip() is None
    assert archive.namelist() == names
    assert archive.read(names[1]) == names[1].encode() * 500
    assert archive.infolist()[0].date_time == (2026, 12, 14, 12, 0, 0)


async def test_a_download_that_was_cut_off_goes_on_where_it_ended() -> None:
    names = ["a.pdf", "b.pdf"]
    complete = await whole(names)
    for offset in (0, 1, 777, 5_000, len(complete) - 1, len(complete)):
        assert complete[:offset] + await whole(names, offset) == complete


async def test_two_files_of_one_name_are_both_there() -> None:
    archive = zipfile.ZipFile(io.BytesIO(await whole(["a.pdf", "A.pdf", "a.pdf"])))
    assert archive.namelist() == ["a.pdf", "A (2).pdf", "a (3).pdf"]


async def test_nothing_is_held_back_until_the_end() -> None:
    pulled: list[str] = []

    async def slowly() -> AsyncIterator[Member]:
        async for member in members("a.pdf", "b.pdf"):
            pulled.append(member.name)
            yield member

    stream = stream_zip(slowly())
    assert (await anext(stream))[:2] == b"PK"
    assert pulled == ["a.pdf"]
    await stream.aclose()  # type: ignore[attr-defined]


async def test_an_empty_selection_is_an_empty_zip() -> None:
    assert zipfile.ZipFile(io.BytesIO(await whole([]))).namelist() == []


@pytest.mark.parametrize("limits", [{}, {"ZIP64_LIMIT": 1_500}, {"ZIP_FILECOUNT_LIMIT": 2}])
async def test_the_size_is_known_before_a_byte_is_sent(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]
) -> None:
    for name, limit in limits.items():
        monkeypatch.setattr(zipfile, name, limit)
    named = [("SDG-000138 মোঃ রফিকুল ইসলাম.pdf", 400), ("a.pdf", 1_000), ("a.pdf", 700), ("errors.csv", 0)]
    assert zip_size(named) == len(await _of_sizes(named))


async def _of_sizes(members_: Sequence[tuple[str, int]]) -> bytes:
    async def made() -> AsyncIterator[Member]:
        for name, size in members_:
            yield Member(name, NOON, parts(b"x" * size))

    return b"".join([part async for part in stream_zip(made())])
