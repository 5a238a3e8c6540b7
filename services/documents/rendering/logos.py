"""A logo, judged by what is in the file and written anew: nothing of the file but the picture is kept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from services.documents.domain import MOST_LOGO_BYTES, MOST_LOGO_PIXELS

LONGEST_SIDE = 640  # 400 dots an inch at the widest that a letterhead shows
PREVIEW_DOTS_AN_INCH = 110
_JPEG_QUALITY = 88

# What people send instead of a PNG or JPEG, by how such a file begins.
_OTHERS = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop"),
    (b"%!PS", "PostScript"),
    (b"PK\x03\x04", "ZIP"),
)


class LogoRefused(ValueError):
    """The file cannot be a logo. `reason` is for programs, the message for people, `facts` for both."""

    def __init__(self, reason: str, detail: str, **facts: str | int) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.facts = reason, detail, facts


@dataclass(frozen=True, slots=True)
class Drawn:
    """A logo as it was written anew."""

    content: bytes
    media_type: str
    width: int
    height: int
    transparent: bool
    note: str


def draw_anew(sent: bytes) -> Drawn:
    """Read a PNG or JPEG and write it anew; raises `LogoRefused` with what to do instead."""
    if len(sent) > MOST_LOGO_BYTES:
        size = f"{len(sent) / 1024 / 1024:.1f} MB"
        raise LogoRefused("too-many-bytes", f"{size} is over 2 MB.", size=size)
    _refuse_other_formats(sent)
    try:
        with _only_whole_pictures(), Image.open(io.BytesIO(sent), formats=("PNG", "JPEG")) as image:
            _refuse_what_no_page_shows(image)
            image.load()
            return _written(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, MemoryError) as error:
        if isinstance(error, LogoRefused):
            raise
        raise LogoRefused(
            "damaged", "The file is damaged or made to do harm. It was not opened. Choose another."
        ) from error


@contextmanager
def _only_whole_pictures() -> Iterator[None]:
    """WeasyPrint lets Pillow guess the rest of a picture that was cut; a logo is whole or refused."""
    guesses = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = guesses


def _refuse_other_formats(sent: bytes) -> None:
    if sent[:4] == b"RIFF" and sent[8:12] == b"WEBP":
        name = "WebP"
    elif b"<svg" in sent[:4_096].lower():
        raise LogoRefused(
            "svg", "SVG drawings are not taken, they can carry programs. Export it as PNG, 1,000 px wide."
        )
    elif sent[4:12] in (b"ftypavif", b"ftypheic", b"ftypmif1"):
        name = "HEIC or AVIF"
    else:
        name = next((name for start, name in _OTHERS if sent.startswith(start)), "")
    if name:
        detail = f"It is a {name} file, whatever its name says. Save it as PNG or JPEG and choose it again."
        raise LogoRefused("other-format", detail, format=name)


def _refuse_what_no_page_shows(image: Image.Image) -> None:
    width, height = image.size
    if max(width, height) > MOST_LOGO_PIXELS:
        detail = f"{width:,} × {height:,} px is over 4,000 px. Make it smaller; 1,000 px are plenty on paper."
        raise LogoRefused("too-many-pixels", detail, width=width, height=height)
    if getattr(image, "n_frames", 1) > 1:
        detail = "It moves. An invoice shows one picture: save the first frame as PNG."
        raise LogoRefused("animated", detail)


def _written(image: Image.Image) -> Drawn:
    note = "from-cmyk" if image.mode == "CMYK" else ""
    upright = ImageOps.exif_transpose(image)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    transparent = has_alpha and _is_see_through(plain)
    if has_alpha and not transparent:
        plain = plain.convert("RGB")
    if max(plain.size) > LONGEST_SIDE:
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        note = note or "made-smaller"
    content, media_type = _smallest(plain, transparent)
    return Drawn(content, media_type, *plain.size, transparent, note)


def _is_see_through(image: Image.Image) -> bool:
    return any(image.getchannel("A").histogram()[:255])


def _smallest(image: Image.Image, transparent: bool) -> tuple[bytes, str]:
    """A drawing is smaller as PNG, a photograph as JPEG; every invoice carries it."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    png = io.BytesIO()
    clean.save(png, "PNG", optimize=True)
    if transparent:
        return png.getvalue(), "image/png"
    jpeg = io.BytesIO()
    clean.save(jpeg, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    if len(jpeg.getvalue()) * 2 < len(png.getvalue()):
        return jpeg.getvalue(), "image/jpeg"
    return png.getvalue(), "image/png"


def first_page(pdf: bytes) -> tuple[bytes, int, int]:
    """The first page of a PDF as a PNG, and its width and height."""
    import pypdfium2  # its import asks another process for libraries; `main` of the worker does it in time

    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=PREVIEW_DOTS_AN_INCH / 72).to_pil().convert("RGB")
    finally:
        document.close()
    png = io.BytesIO()
    picture.quantize(64).save(png, "PNG", optimize=True)
    return png.getvalue(), picture.width, picture.height
