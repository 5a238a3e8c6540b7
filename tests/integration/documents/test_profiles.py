"""ISP profiles: inherited field by field, valid from now on, with a logo that was judged by its content."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image, ImageDraw

from shared import blobs, clock
from shared.contracts.documents import (
    DocumentRendered,
    LogoUpload,
    PreviewIspProfile,
    ProfileChange,
    ProfileFields,
)
from shared.ids import new_id
from tests.integration.documents.harness import NEIGHBOUR, ROOT, ZONE, DocumentsHarness
from tests.integration.documents.papers import CLERK, OPERATOR, bill, invoice, receipt


def picture(
    kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (300, 100), **options: Any
) -> bytes:
    image = Image.new(mode, size)
    if mode in ("RGB", "RGBA"):
        ImageDraw.Draw(image).ellipse((10, 10, size[0] - 10, size[1] - 10), fill=(15, 110, 99))
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> datetime:
    moment = clock.now() + timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


async def test_each_field_is_the_nearest_operators(harness: DocumentsHarness) -> None:
    await harness.profile(ROOT, name="Shapla Net", address="House 27, Mirpur", email="billing@shapla.example")
    await harness.profile(ZONE, email="billing@mirpurzone.example")
    await harness.profile(OPERATOR, name="Pallabi Link", footer="Pay by the 10th")
    text = (await harness.made(receipt(as_of=clock.now(), recorded_at=clock.now()))).text
    assert "Pallabi Link Part of Shapla Net" in text.replace("Receipt ", "")
    assert "Pallabi Link · House 27, Mirpur" in text
    assert "billing@mirpurzone.example · Pay by the 10th" in text


async def test_a_field_can_be_given_back_and_what_is_not_named_stays(harness: DocumentsHarness) -> None:
    await harness.profile(OPERATOR, name="Own name", phone="123", colour="#0F6E63")
    profile = await harness.profile(OPERATOR, inherit=("name",), footer="New")
    assert profile.fields == ProfileFields(phone="123", colour="#0F6E63", footer="New")
    assert profile.version == 2


async def test_an_invoice_shows_the_profile_that_was_valid_when_it_was_issued(
    harness: DocumentsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.profile(name="Old name", paper="Letter")
    issued_at = later(monkeypatch, minutes=1)
    later(monkeypatch, minutes=1)
    await harness.profile(name="New name", paper="A5")
    older = await harness.made(invoice(invoice=bill(issued_at=issued_at)))
    assert "Old name" in older.text
    assert older.said.paper == "Letter"
    newer = await harness.made(invoice(invoice=bill(issued_at=later(monkeypatch, minutes=1))))
    assert "New name" in newer.text
    assert newer.said.paper == "A5"


async def test_before_any_profile_an_invoice_bears_the_isps_name(harness: DocumentsHarness) -> None:
    made = await harness.made(invoice())
    assert "Shapla Net Ltd." in made.text
    assert "Your operator: Pallabi Link" in made.text


async def test_only_ones_own_subtree_can_be_changed(harness: DocumentsHarness) -> None:
    change = await harness.change(OPERATOR, name="Mine now")
    refusal = await harness.refusal(change.model_copy(update={"scope": NEIGHBOUR}))
    assert refusal.code == "not-found"
    assert (await harness.refusal(await harness.change(new_id(), name="X"))).code == "not-found"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"footer": "x" * 401}, "too-long"), ({"paper": "80mm"}, "paper-is-a-roll")],
)
async def test_what_no_letterhead_can_show_is_refused(
    harness: DocumentsHarness, change: Any, code: str
) -> None:
    assert (await harness.refusal(await harness.change(**change))).code == code


@pytest.mark.parametrize(
    ("sent", "transparent", "note"),
    [
        (picture(), False, ""),
        (picture(mode="RGBA"), True, ""),
        (picture("JPEG"), False, ""),
        (picture("JPEG", "CMYK"), False, "from-cmyk"),
        (picture(mode="L"), False, ""),
        (picture(mode="I;16"), False, ""),
        (picture(mode="P", transparency=0), True, ""),
        (picture(size=(4_000, 1_000)), False, "made-smaller"),
    ],
    ids=["png", "transparent", "jpeg", "cmyk", "grey", "deep", "palette", "large"],
)
async def test_a_logo_is_accepted_and_written_anew(
    harness: DocumentsHarness, sent: bytes, transparent: bool, note: str
) -> None:
    profile = await harness.profile(logo=sent)
    assert profile.logo is not None
    assert (profile.logo.transparent, profile.logo.note) == (transparent, note)
    assert max(profile.logo.width, profile.logo.height) <= 640
    kept = await blobs.get(harness.store, profile.logo.key)
    assert kept != sent
    assert Image.open(io.BytesIO(kept)).size == (profile.logo.width, profile.logo.height)
    made = await harness.made(invoice(invoice=bill(issued_at=clock.now())))
    assert made.images == 2  # the logo and the code


async def test_nothing_of_the_file_but_the_picture_is_kept(harness: DocumentsHarness) -> None:
    from PIL.PngImagePlugin import PngInfo

    secret = PngInfo()
    secret.add_text("Comment", "GPS 23.8,90.4")
    profile = await harness.profile(logo=picture(pnginfo=secret) + b"<?php evil ?>")
    assert profile.logo is not None
    kept = await blobs.get(harness.store, profile.logo.key)
    assert b"GPS" not in kept
    assert b"php" not in kept


def bomb() -> bytes:
    """48 kB that say they are 30,000 by 30,000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(40_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


MOVING = picture(
    save_all=True, append_images=[Image.new("RGB", (300, 100), "red"), Image.new("RGB", (300, 100), "blue")]
)


@pytest.mark.parametrize(
    ("sent", "reason", "said"),
    [
        (picture("WEBP"), "other-format", "It is a WebP file"),
        (picture("GIF"), "other-format", "It is a GIF file"),
        (
            b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            "svg",
            "SVG drawings are not taken",
        ),
        (MOVING, "animated", "It moves."),
        (picture(size=(4_001, 30)), "too-many-pixels", "4,001 × 30 px is over 4,000 px."),
        (bomb(), "damaged", "The file is damaged or made to do harm."),
        (picture()[:-200], "damaged", "The file is damaged or made to do harm."),
        (b"", "damaged", "The file is damaged"),
        (b"http://127.0.0.1/logo.png", "damaged", "The file is damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2 * 1024 * 1024), "too-many-bytes", "2.0 MB is over 2 MB."),
    ],
    ids=["webp", "gif", "svg", "animated", "wide", "bomb", "cut", "empty", "address", "heavy"],
)
async def test_what_is_no_logo_is_refused_with_a_sentence_and_the_old_one_stays(
    harness: DocumentsHarness, sent: bytes, reason: str, said: str
) -> None:
    before = await harness.profile(logo=picture())
    refusal = await harness.refusal(await harness.change(logo=sent))
    assert (refusal.code, refusal.field, refusal.extra["reason"]) == ("logo-refused", "logo", reason)
    assert refusal.detail.startswith(said), refusal.detail
    after = await harness.profile(footer="x")
    assert after.logo == before.logo


async def test_a_logo_that_did_not_arrive_whole_is_refused(harness: DocumentsHarness) -> None:
    change = await harness.change(logo=picture())
    assert change.change.logo is not None
    await blobs.delete(harness.store, [change.change.logo.key])
    assert (await harness.refusal(change)).extra["reason"] == "missing"
    other = LogoUpload(**(change.change.logo.model_dump() | {"sha256": "0" * 64}))
    await blobs.put(harness.store, other.key, picture())
    wrong = change.model_copy(update={"change": change.change.model_copy(update={"logo": other})})
    assert (await harness.refusal(wrong)).extra["reason"] == "missing"


async def test_a_logo_can_be_inherited_left_out_and_given_back(harness: DocumentsHarness) -> None:
    async def pictures() -> int:
        return (await harness.made(invoice(invoice=bill(issued_at=clock.now())))).images

    await harness.profile(ROOT, logo=picture())
    assert await pictures() == 2
    await harness.profile(OPERATOR, no_logo=True)
    assert await pictures() == 1
    await harness.profile(OPERATOR, inherit=("logo",))
    assert await pictures() == 2


async def test_an_invoice_whose_logo_is_gone_still_comes(harness: DocumentsHarness) -> None:
    profile = await harness.profile(logo=picture())
    assert profile.logo is not None
    await blobs.delete(harness.store, [profile.logo.key])
    command = invoice(invoice=bill(issued_at=clock.now()))
    without = await harness.made(command)
    assert without.images == 1
    await blobs.put(harness.store, profile.logo.key, picture())
    again = await harness.made(command.model_copy(update={"document_id": new_id()}))
    assert again.images == 2


def preview(**change: Any) -> PreviewIspProfile:
    document = change.pop("document", "invoice")
    language = change.pop("language", None)
    return PreviewIspProfile(
        actor=CLERK,
        document_id=new_id(),
        language=language,
        document=document,
        change=ProfileChange(operator_id=OPERATOR, **change),
    )


async def test_a_preview_shows_a_change_without_saving_it(harness: DocumentsHarness) -> None:
    await harness.profile(ROOT, name="Shapla Net", logo=picture())
    upload = await harness.uploaded(picture(mode="RGBA", size=(50, 50)))
    command = preview(fields=ProfileFields(name="Trial name", footer="Trial footer"), logo=upload)
    made = await harness.made(command)
    assert "Trial name" in made.text
    assert "Trial footer" in made.text
    assert made.said.picture is not None
    shown = Image.open(io.BytesIO(await blobs.get(harness.store, made.said.picture.key)))
    assert shown.size == (made.said.picture.width, made.said.picture.height)
    assert shown.width > 800
    assert "Trial name" not in (await harness.made(invoice(invoice=bill(issued_at=clock.now())))).text


@pytest.mark.parametrize("document", ["invoice", "receipt", "statement"])
@pytest.mark.parametrize("language", ["en", "bn"])
async def test_every_kind_of_document_can_be_previewed_in_both_languages(
    harness: DocumentsHarness, document: str, language: str
) -> None:
    end = await harness.ask(preview(document=document, language=language))
    assert isinstance(end, DocumentRendered)
    assert (end.kind, end.subject_id, end.language) == ("preview", OPERATOR, language)


async def test_a_preview_with_a_wrong_logo_says_what_is_wrong(harness: DocumentsHarness) -> None:
    failure = await harness.failure(preview(logo=await harness.uploaded(picture("WEBP"))))
    assert failure.code == "logo-refused"
    assert failure.detail.startswith("It is a WebP file")
