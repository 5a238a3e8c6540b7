"""The blob store: whole files or none, in a folder and over the wire of S3."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared import blobs
from shared.blobs import BlobMissing, BlobSettings, BlobsUnavailable, Store

KEY = "invoices/019a0000-0000-7000-8000-000000000001/ab12.pdf"


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return blobs.open_store(BlobSettings(blob_dir=str(tmp_path / "blobs")))
    return blobs.open_store(request.getfixturevalue("s3"))


async def test_what_is_put_is_read_again_whole_and_in_chunks(store: Store) -> None:
    content = bytes(range(256)) * 4_096
    await blobs.put(store, KEY, content)
    assert await blobs.get(store, KEY) == content
    size, chunks = await blobs.stream(store, KEY)
    assert size == len(content)
    assert b"".join([chunk async for chunk in chunks]) == content
    blob = await blobs.head(store, KEY)
    assert blob is not None
    assert blob.size_bytes == len(content)


async def test_a_file_from_disk_is_put_in_parts(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "print.pdf"
    path.write_bytes(b"%PDF" + bytes(12_000_000))
    await blobs.put(store, KEY, b"first")
    await blobs.put_file(store, KEY, path)
    blob = await blobs.head(store, KEY)
    assert blob is not None
    assert blob.size_bytes == 12_000_004


async def test_what_is_not_there_is_missing_and_may_be_deleted(store: Store) -> None:
    absent = "invoices/none/nothing.pdf"
    assert await blobs.head(store, absent) is None
    with pytest.raises(BlobMissing):
        await blobs.get(store, absent)
    with pytest.raises(BlobMissing):
        await blobs.stream(store, absent)
    await blobs.delete(store, [absent])


async def test_files_below_a_prefix_are_listed_until_they_are_deleted(store: Store) -> None:
    keys = {f"previews/a/{number}.pdf" for number in range(3)}
    for key in keys:
        await blobs.put(store, key, b"x")
    assert {blob.key async for blob in blobs.list_below(store, "previews")} == keys
    await blobs.delete(store, sorted(keys))
    assert [blob async for blob in blobs.list_below(store, "previews")] == []


async def test_a_store_that_does_not_answer_is_unavailable_within_seconds() -> None:
    nobody = BlobSettings(blob_url="s3://files/desk", blob_s3_endpoint="http://127.0.0.1:9")
    with pytest.raises(BlobsUnavailable):
        await blobs.put(blobs.open_store(nobody), KEY, b"x")


async def test_a_folder_that_refuses_is_unavailable_and_keeps_no_half_of_a_file(tmp_path: Path) -> None:
    store = blobs.open_store(BlobSettings(blob_dir=str(tmp_path)))
    (tmp_path / "invoices").write_text("in the way")
    with pytest.raises(BlobsUnavailable):
        await blobs.put(store, KEY, b"x")
    assert os.listdir(tmp_path) == ["invoices"]
