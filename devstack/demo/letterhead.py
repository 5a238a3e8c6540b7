"""Shapla Net's letterhead: its water lily, drawn here, and what two of its resellers say themselves."""

from __future__ import annotations

import base64
import io
import math

from PIL import Image, ImageDraw

from ispbills_client.models import IspProfile, Logo

GREEN = (15, 110, 99)
SIDE = 480
SHARPER = 3  # drawn so much larger, then made smaller: Pillow draws no smooth edges
# Each pair of petals: how far it leans from upright, how long it is, how much of the colour it has.
PETALS = ((70, 0.40, 105), (38, 0.52, 170), (0, 0.62, 255))

ISP = IspProfile(
    address="House 27, Road 11, Mirpur, Dhaka 1216",
    phone="+880 9600 000100",
    email="billing@shapla.example",
    tax_id="004567891-0101",
    colour="#0f6e63",
    footer="Valid without a signature",
)
RESELLERS = {
    "MIR": IspProfile(email="billing@mirpurzone.example"),
    "PLB": IspProfile(
        name="Pallabi Link",
        address="Shop 4, Rupnagar Road, Pallabi, Dhaka 1216",
        phone="+880 1711 000400",
        footer="Pay by the 10th and keep your speed",
    ),
    "SDG": IspProfile(language="bn"),
}


def logo() -> Logo:
    """Return the logo as the API takes it."""
    content = io.BytesIO()
    _water_lily().save(content, "PNG", optimize=True)
    picture = base64.b64encode(content.getvalue()).decode()
    return Logo(media_type="image/png", base64=picture, file_name="shapla.png")


def _water_lily() -> Image.Image:
    side = SIDE * SHARPER
    flower = Image.new("RGBA", (side, side))
    for lean, length, strength in PETALS:
        for angle in {lean, -lean}:
            flower.alpha_composite(_petal(side, angle, length, strength))
    flower = flower.crop(flower.getbbox())
    flower.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return flower


def _petal(side: int, lean: int, length: float, strength: int) -> Image.Image:
    """Return one petal from the foot of the flower: two arcs that meet in its tip."""
    foot, tip = (side / 2, side * 0.86), side * length
    layer = Image.new("RGBA", (side, side))
    steps = [number / 24 for number in range(25)]
    outline = [(step * tip, math.sin(step * math.pi) ** 0.8 * tip * 0.24) for step in steps]
    points = outline + [(along, -across) for along, across in reversed(outline)]
    turn = math.radians(lean)
    ImageDraw.Draw(layer).polygon(
        [
            (
                foot[0] + along * math.sin(turn) + across * math.cos(turn),
                foot[1] - along * math.cos(turn) + across * math.sin(turn),
            )
            for along, across in points
        ],
        fill=(*GREEN, strength),
    )
    return layer
