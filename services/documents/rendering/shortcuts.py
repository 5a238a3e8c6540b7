"""Shortcuts through WeasyPrint: what one document has in common with the last is worked out once.

Half of a document's time went into asking every box for its style, shaping the same words again, and writing
objects twice. Each shortcut gives what WeasyPrint gives: a test compares the bytes with and without them.
They hold for our own templates, whose style sheets select by element, class and language alone (tested too).
"""

from __future__ import annotations

from copy import copy
from math import inf
from typing import Any, TypeAlias

import cssselect2
import pydyf
import weasyprint.css
import weasyprint.draw
from weasyprint.css import ComputedStyle, InitialStyle, StyleFor, declaration_precedence
from weasyprint.draw.color import get_color
from weasyprint.layout import absolute, background, block, inline, page, percent, table
from weasyprint.layout import float as floats
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream
from weasyprint.text import line_break
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import get_pango_font_key

Style: TypeAlias = Any
Box: TypeAlias = Any

MOST_ENTRIES = 4_000
MOST_LINES = 2_000
CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
SIDES = ("top", "right", "bottom", "left")
_LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in SIDES),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
_NOTHING_BEHIND = {"background": None} | {f"border_{corner}_radius": (0, 0) for corner in CORNERS}

_write = pydyf.PDF.write
_to_bytes = pydyf._to_bytes
_split_first_line = line_break.split_first_line
_set_text = line_break.Layout.set_text
_reactivate = line_break.Layout.reactivate
_strut = line_break.strut
_draw_border = weasyprint.draw.draw_border
_resolve_percentages = percent.resolve_percentages
_layout_box_backgrounds = background.layout_box_backgrounds


def take() -> None:
    """Take the shortcuts, in this process and from now on."""
    weasyprint.css.StyleFor = SharedStyles
    inline.split_first_line = _split_once
    inline.strut = block.strut = _strut_once
    line_break.Layout.set_text = _set_text_of_one_paragraph
    line_break.Layout.deactivate = lambda _: None
    line_break.Layout.reactivate = _keep
    weasyprint.draw.draw_border = _draw_border_if_any
    background.layout_box_backgrounds = _layout_backgrounds
    pydyf.PDF.write = _write_once
    pydyf._to_bytes = _to_bytes_by_type
    Stream.add_font = _add_known_font
    for room in (absolute, block, floats, inline, page, table):
        room.resolve_percentages = _resolve_once


class _Entry:
    """The styles of an element: its own, and those of its first line and the like."""

    def __init__(self, own: Style, pseudo: dict[str | None, Style], root: Style) -> None:
        self.styles: dict[str | None, Style] = {None: own, **pseudo}
        self.own, self.root = own, root
        for style in self.styles.values():
            style.shared = True


_entries: dict[Any, _Entry] = {}
_page_styles: dict[Any, Style] = {}


class SharedStyles(StyleFor):  # type: ignore[misc]
    """Styles that outlive their document: elements of the same name, class, language and parent have one."""

    def __init__(self, html: Any, sheets: Any, hints: bool, font_config: Any, targets: Any) -> None:
        if len(_entries) > MOST_ENTRIES or len(_page_styles) > MOST_ENTRIES:
            _entries.clear()
            _page_styles.clear()
        self._cascaded_styles: dict[Any, Any] = {}
        self._computed_styles: dict[Any, Style] = {}
        self.initial_page_sizes = {"box": None, "area": None}
        self._sheets = sheets
        self.font_config = font_config
        self._wrappers: dict[Any, Any] = {}
        # A sheet that only says how long the paper of a roll is makes no other boxes.
        top = (font_config, *(sheet for sheet, _, _ in sheets if sheet.matcher.order))
        self._every_sheet = tuple(sheet for sheet, _, _ in sheets)
        self._style(html.etree_element, top, None, html)
        self._wrappers.clear()

    def _style(self, element: Any, place: Any, parent: _Entry | None, html: Any) -> None:
        key = (place, element.tag, element.get("class"), element.get("lang"))
        entry = _entries.get(key)
        if entry is None:
            entry = _entries[key] = self._entry(element, parent, html)
        for pseudo, style in entry.styles.items():
            self._computed_styles[element, pseudo] = style
        for child in element:
            self._style(child, entry, entry, html)

    def _entry(self, element: Any, parent: _Entry | None, html: Any) -> _Entry:
        cascaded = self._cascade(self._wrapper(element, html))
        above = parent.own if parent else None
        root = parent.root if parent else InitialStyle(self.font_config)
        own = self._computed(above, cascaded.pop(None, {}), None, root)
        root = parent.root if parent else own
        pseudo = {name: self._computed(own, said, name, root) for name, said in cascaded.items()}
        return _Entry(own, pseudo, root)

    def _wrapper(self, element: Any, html: Any) -> cssselect2.ElementWrapper:
        if not self._wrappers:
            self._wrappers = {each.etree_element: each for each in html.wrapper_element.iter_subtree()}
        return self._wrappers[element]

    def _computed(self, parent: Style, cascaded: Any, pseudo: str | None, root: Style) -> Style:
        return ComputedStyle(parent, cascaded, pseudo, root, None, self.font_config, self.initial_page_sizes)

    def _cascade(self, wrapper: Any) -> dict[str | None, Any]:
        """Return what the sheets say of an element, the weightiest of each property."""
        cascaded: dict[str | None, Any] = {}
        for sheet, origin, sheet_specificity in self._sheets:
            for specificity, _, pseudo, (declarations, layer) in sheet.matcher.match(wrapper):
                order = inf if layer is None else sheet.layers.index(layer)
                said = cascaded.setdefault(pseudo, {})
                for name, values, importance in declarations:
                    precedence = declaration_precedence(origin, importance)
                    weight = (precedence, order, sheet_specificity or specificity)
                    if name not in said or said[name][1] <= weight:
                        said[name] = values, weight
        return cascaded

    def set_computed_styles(
        self, element: Any, parent: Any, root: Any = None, pseudo_type: Any = None, **more: Any
    ) -> None:
        """Give a page, or a margin of one, its style."""
        key = (self._every_sheet, id(self._computed_styles[root, None]), element, pseudo_type)
        if key not in _page_styles:
            super().set_computed_styles(element, parent, root, pseudo_type, **more)
            _page_styles[key] = self._computed_styles[element, pseudo_type]
        self._computed_styles[element, pseudo_type] = _page_styles[key]


_lines: dict[Any, tuple[Style, Any]] = {}


def _is_shared(style: Style) -> bool:
    """Whether a style outlives its document, itself or as the one of boxes without an element."""
    if getattr(style, "shared", False):
        return True
    parent = style.parent_style
    return getattr(parent, "shared", False) and parent.__dict__.get("anonymous_style") is style


def _split_once(text: str, style: Style, context: Any, max_width: Any, spacing: float, **more: Any) -> Any:
    """The first line of a text; words that stand on every invoice are shaped once."""
    if spacing or not _is_shared(style):
        return _split_first_line(text, style, context, max_width, spacing, **more)
    key = (id(style), text, max_width, *more.items())
    if key not in _lines:
        if len(_lines) >= MOST_LINES:
            _lines.clear()
        _lines[key] = style, _split_first_line(text, style, context, max_width, spacing, **more)
    return _lines[key][1]


def _set_text_of_one_paragraph(layout: Any, text: str, justify: bool = False) -> None:
    """Say at once what drawing says later, which would have the line shaped anew."""
    _set_text(layout, text, justify)
    pango.pango_layout_set_single_paragraph_mode(layout.layout, layout.text.isprintable())


def _keep(layout: Any, style: Style) -> None:
    """Draw the line that was laid out; only a justified one is another."""
    if layout.justification_spacing:
        _reactivate(layout, style)


def _strut_once(style: Style) -> tuple[float, float]:
    """The height of a line and its baseline."""
    strut: tuple[float, float] | None = style.__dict__.get("strut")
    if strut is None:
        strut = style.strut = _strut(style)
    return strut


def _own(box: Box) -> Box:
    """Return the box itself where something stands in its place."""
    return box._box if isinstance(box, absolute.AbsolutePlaceholder) else box


def _lengths(style: Style) -> dict[str, Any] | None:
    """Return what a box of this style measures wherever it is; None where that depends on what holds it."""
    lengths: dict[str, Any] = {}
    for name in _LENGTHS:
        value = style[name]
        if value is None or value == "auto":
            lengths[name] = 0 if value and name.startswith("min_") else value
        elif getattr(value, "unit", None) == "px":
            lengths[name] = value.value
        else:
            return None
    if style["border_collapse"] == "collapse":
        return None
    return lengths | {f"border_{side}_width": style[f"border_{side}_width"] for side in SIDES}


def _resolve_once(box: Box, containing_block: Any) -> None:
    """Set the lengths of a box."""
    known = box.style.__dict__
    if "lengths" not in known:
        known["lengths"] = _lengths(box.style)
    if known["lengths"] is None:
        _resolve_percentages(box, containing_block)
        return
    _own(box).__dict__.update(known["lengths"])
    percent.adjust_box_sizing(box, "width")
    percent.adjust_box_sizing(box, "height")


def _is_bare(style: Style) -> bool:
    """Whether boxes of this style have nothing behind them, no picture around them and square corners."""
    return (
        style["border_image_source"][0] == "none"
        and style["column_rule_width"] == 0
        and style["mask_border_source"][0] == "none"
        and get_color(style, "background_color").alpha == 0
        and not style["box_shadow"]
        and all(kind == "none" for kind, _ in style["background_image"])
        and all(style[f"border_{corner}_radius"] == ((0, "px"), (0, "px")) for corner in CORNERS)
    )


def _known_as_bare(style: Style) -> bool:
    known: dict[str, bool] = style.__dict__
    if "bare" not in known:
        known["bare"] = _is_bare(style)
    return known["bare"]


def _layout_backgrounds(
    page: Box, box: Box, images: Any, layout_children: bool = True, style: Style = None
) -> None:
    """Lay out what is behind a box and those in it."""
    if style is not None or box is page or not _known_as_bare(box.style):
        _layout_box_backgrounds(page, box, images, layout_children, style)
        return
    _own(box).__dict__.update(_NOTHING_BEHIND)
    if layout_children:
        for child in box.all_children():
            _layout_backgrounds(page, child, images)


def _draw_border_if_any(stream: Any, box: Box) -> None:
    """Draw the lines around a box; most have none, which took as long to find out."""
    top, bottom = box.border_top_width, box.border_bottom_width
    if top or bottom or box.border_left_width or box.border_right_width or not _known_as_bare(box.style):
        _draw_border(stream, box)


class _Written(pydyf.Object):  # type: ignore[misc]
    """An object's bytes, where it was and what it was called."""

    data = b""

    def __init__(self, written: pydyf.Object) -> None:
        self.number, self.generation = written.number, written.generation
        self.offset, self.free = written.offset, written.free
        self.data = written.data


def _write_once(pdf: pydyf.PDF, *arguments: Any) -> None:
    """Write a PDF: its id is made of all objects, for which they would be put into bytes a second time."""
    pdf.objects = [_Written(each) if each.free != "f" and each.compressible else each for each in pdf.objects]
    _write(pdf, *arguments)


def _to_bytes_by_type(item: Any) -> bytes:
    """Return an item's bytes; most are texts and whole numbers, which were asked for last."""
    kind = type(item)
    if kind is bytes:
        done: bytes = item
        return done
    if kind is str:
        text: str = item
        return text.encode("ascii")
    if kind is int:
        return b"%d" % item
    written: bytes = _to_bytes(item)
    return written


_fonts: dict[int, Font] = {}


def _add_known_font(stream: Any, pango_font: Any) -> tuple[Font, float]:
    """The font of a line in this document; its file is read for the first document that it is drawn in."""
    key, description, size = get_pango_font_key(pango_font)
    if key not in stream._fonts:
        known = _fonts.get(key) or Font(pango_font, description, size)
        if not (known.png or known.svg or known.colr):  # pictures are asked of the font that may be gone
            _fonts[key] = known
        font = stream._fonts[key] = copy(known)
        font.widths, font.to_unicode, font.missing = {}, {}, {}
    return stream._fonts[key], size
