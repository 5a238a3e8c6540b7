"""The part of Tabler's style sheet that our pages use: what nothing can match is left out.

A rule stays when each class, id and element that its selector names is a word of our templates, scripts or
pages. A class that is put together (`btn-{{ tone }}`) keeps all that begin as it does. Variables and
animations stay while a rule that stays, or one of our own style sheets, names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import tinycss2

ROOT = Path(__file__).resolve().parents[2]
SOURCES = tuple(Path(__file__).parent / "tabler" / f"{name}.min.css" for name in ("tabler", "tabler-themes"))
PURGED = ROOT / "gateway/static/vendor/tabler/tabler.css"
_HEAD = "/* Tabler, without what no page uses: `make stylesheet`. Its licence stands beside it. */\n"

# Where a class can be written: pages, their scripts, and the Python that gives them classes.
_PLACES = {"gateway/templates": "*.html", "gateway/static/js": "*.js", "gateway/pages": "*.py"}
_OWN = ROOT / "gateway/static/css"
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_BEGINNING = re.compile(r"([a-z][a-z-]*-)(?=\{\{|\$\{|\{[a-z]|['\"] ?~|['\"] ?\+)")
_VARIABLE = re.compile(r"--[\w-]+")
_ANIMATED = re.compile(r"animation(?:-name)?:([^;}]+)")
# What stands in `:not(…)` and the like need not be there.
_WITHIN = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
# For bars that no page of ours has. What asks of a whole page what stands in it is asked again, and all of
# the page styled anew, with every element that comes.
_WHOLE_PAGE = re.compile(r"(?:\b(?:html|body)|:root|\.page)[^\s>]*:has\(")
_PSEUDO = re.compile(r"::?[\w-]+(?:\((?:[^()]|\([^()]*\))*\))?")
_ATTRIBUTE = re.compile(r"\[([\w-]+)(?:([~|^$*]?=)([^\]]*))?\]")
_NAME = re.compile(r"(?:^|[.#\s>+~])((?:\\.|[A-Za-z_-])(?:\\.|[\w-])*)")
# Matched by the browser and not by anything that we write.
_MADE = frozenset({"html", "body", "root", "host"})
# What a page may take up any day, and weighs little.
_BLOCKS = {
    "pre",
    "blockquote",
    "details",
    "summary",
    "hr",
    "figure",
    "figcaption",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
}
_PHRASES = {"code", "kbd", "samp", "mark", "small", "sub", "sup", "abbr"}
_ALWAYS = _MADE | _BLOCKS | _PHRASES
_LIGHT = ("text-",)


@dataclass(frozen=True)
class Words:
    """Every word of our pages, and how the classes begin that they put together."""

    known: frozenset[str]
    beginnings: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether a page can bear this name."""
        return name in self.known or name in _ALWAYS or name.startswith((*self.beginnings, *_LIGHT))


def words() -> Words:
    """Return the words of what is in the repository."""
    texts = [file.read_text() for place, kind in _PLACES.items() for file in (ROOT / place).rglob(kind)]
    text = "\n".join(texts)
    return Words(frozenset(_WORD.findall(text)), tuple(sorted(set(_BEGINNING.findall(text)))))


@dataclass(frozen=True)
class Rule:
    """Selectors and what they set, as names and texts."""

    selectors: str
    sets: tuple[tuple[str, str], ...]

    @property
    def values(self) -> str:
        """Return all that is set, without variables."""
        return ";".join(f"{name}:{value}" for name, value in self.sets if not name.startswith("--"))


@dataclass(frozen=True)
class Group:
    """Rules under a condition, or the steps of an animation."""

    head: str
    rules: tuple[Part, ...]

    @property
    def animation(self) -> str | None:
        """Return the name of an animation; None for a condition."""
        return self.head.split()[-1] if "keyframes" in self.head else None


Part: TypeAlias = Rule | Group


def purged() -> str:
    """Return the style sheet that our pages need."""
    known = words()
    own = "\n".join(file.read_text() for file in sorted(_OWN.glob("*.css")))
    parts = [part for source in SOURCES for part in _read(_nodes(source.read_text()), known)]
    parts = _without_unused_variables(parts, own)
    return _HEAD + "\n".join(_written(part) for part in _without_unused_animations(parts, own)) + "\n"


def _nodes(sheet: str) -> list[Any]:
    return list(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))


def _read(nodes: Iterable[Any], known: Words) -> Iterator[Part]:
    """The rules that a page can match; `known` is not asked about the steps of an animation."""
    for node in nodes:
        head = tinycss2.serialize(node.prelude).strip()
        if node.type == "qualified-rule":
            if selectors := [each for each in _split(node.prelude) if _can_match(each, known)]:
                yield Rule(",".join(selectors), tuple(_sets(node.content)))
        elif node.type == "at-rule" and node.at_keyword == "property":
            yield Rule(f"@property {head}", tuple(_sets(node.content)))
        elif node.type == "at-rule" and node.content is not None:
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            if "keyframes" in node.at_keyword:
                steps = (
                    Rule(tinycss2.serialize(step.prelude).strip(), tuple(_sets(step.content)))
                    for step in inner
                )
                yield Group(f"@{node.at_keyword} {head}", tuple(steps))
            elif rules := tuple(_read(inner, known)):
                yield Group(f"@{node.at_keyword} {head}", rules)


def _split(prelude: Iterable[Any]) -> list[str]:
    """Return the selectors of a rule."""
    selectors: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return [tinycss2.serialize(each).strip() for each in selectors]


def _can_match(selector: str, known: Words) -> bool:
    if _WHOLE_PAGE.search(selector):
        return False
    bare = _WITHIN.sub("", selector)
    for attribute, how, value in _ATTRIBUTE.findall(bare):
        word = value.strip("\"'")
        if not known.has(attribute) or (how == "=" and _WORD.fullmatch(word) and not known.has(word)):
            return False
    names = _NAME.findall(_PSEUDO.sub("", _ATTRIBUTE.sub("", bare)))
    return all(known.has(name.replace("\\", "")) for name in names)


def _sets(content: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        assert each.type == "declaration", f"{each.type} in a rule of the source"
        value = tinycss2.serialize(each.value).strip() + ("!important" if each.important else "")
        yield each.name, value


def _rules(parts: Iterable[Part]) -> Iterator[Rule]:
    for part in parts:
        yield from [part] if isinstance(part, Rule) else _rules(part.rules)


def _without_unused_variables(parts: list[Part], own: str) -> list[Part]:
    """Leave out variables that no value names, nor the value of one that is named."""
    rules = list(_rules(parts))
    used = set(_VARIABLE.findall(own))
    used |= {name for rule in rules for name in _VARIABLE.findall(rule.values)}
    values: dict[str, set[str]] = {}
    for rule in rules:
        for name, value in rule.sets:
            if name.startswith("--"):
                values.setdefault(name, set()).update(_VARIABLE.findall(value))
    waiting = list(used)
    while waiting:
        new = values.get(waiting.pop(), set()) - used
        used |= new
        waiting += new
    return list(_naming(parts, used))


def _naming(parts: Iterable[Part], used: set[str]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Group):
            if rules := tuple(_naming(part.rules, used)):
                yield Group(part.head, rules)
        elif sets := tuple(each for each in part.sets if not each[0].startswith("--") or each[0] in used):
            yield Rule(part.selectors, sets)


def _without_unused_animations(parts: list[Part], own: str) -> list[Part]:
    text = own + ";".join(f"{name}:{value}" for rule in _rules(parts) for name, value in rule.sets)
    used = set(_WORD.findall(" ".join(_ANIMATED.findall(text))))
    return [
        part
        for part in parts
        if not (isinstance(part, Group) and part.animation and part.animation not in used)
    ]


def _written(part: Part) -> str:
    if isinstance(part, Rule):
        return f"{part.selectors}{{{';'.join(f'{name}:{value}' for name, value in part.sets)}}}"
    return f"{part.head}{{{''.join(map(_written, part.rules))}}}"
