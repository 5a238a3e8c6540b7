"""What MkDocs adds to docs/: the pages of the root, decisions, runbooks, and references from the code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from cli.schema import _COMPOSED_IN, asyncapi, openapi

ROOT = Path(__file__).resolve().parents[1]
# Pages of the root with where they stand on the site.
ROOT_PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "SECURITY.md": "SECURITY.md",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put into the navigation what is found."""
    assert config.nav is not None
    decisions = [f"decisions/{page.name}" for page in sorted((ROOT / "docs/decisions").glob("*.md"))]
    pages = sorted((ROOT / "docs/runbooks").glob("*.md"), key=lambda page: (page.stem != "index", page.stem))
    runbooks = [f"runbooks/{page.name}" for page in pages]
    config.nav += [
        {"Runbooks": runbooks},
        {"References": [{"API": "api.md"}, {"Messages": "events.md"}]},
        {"Decisions": decisions},
        {"The project": ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]},
    ]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand in no folder of the site."""
    for source, place in ROOT_PAGES.items():
        files.append(File.generated(config, place, content=_moved((ROOT / source).read_text())))
    files.append(File.generated(config, "api.md", content="\n".join(_api())))
    files.append(File.generated(config, "events.md", content="\n".join(_events())))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Pages beneath docs/ name those of the root by `../`."""
    return re.sub(rf"\]\(\.\./({'|'.join(map(re.escape, ROOT_PAGES))})", _to_root_page, markdown)


def _to_root_page(match: re.Match[str]) -> str:
    return f"]({ROOT_PAGES[match[1]]}"


def _moved(text: str) -> str:
    """A page of the root, as seen from docs/."""
    text = re.sub(r"(\]\(|src=\")docs/", r"\1", text)
    return re.sub(r"\]\(README\.md", "](index.md", text)


def _told(command: Any, *arguments: str) -> dict[str, Any]:
    said = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
    document: dict[str, Any] = json.loads(said.stdout)
    return document


def _api() -> Iterator[str]:
    """Every route of the OpenAPI document: what it does, takes and answers."""
    document = _told(openapi)
    yield "# API\n"
    yield "From the OpenAPI document that `ispbills openapi` prints and the gateway serves at `/schema`."
    yield "From Python it is asked by a [typed client](client.md).\n"
    for path, methods in sorted(document["paths"].items()):
        for method, each in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield f"## {method.upper()} `{path}`\n"
                yield from _route(each, document)


def _route(each: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    if said := each.get("description") or each.get("summary"):
        yield f"{said}\n"
    if parameters := each.get("parameters"):
        yield "| parameter | in | |\n|---|---|---|"
        for told in parameters:
            facts = _joined("needed" if told.get("required") else "", _type(told["schema"]))
            yield f"| `{told['name']}` | {told['in']} | {facts} |"
        yield ""
    for media in each.get("requestBody", {}).get("content", {}).values():
        yield from _fields(media["schema"], document, "Body")
    answers = {status: told for status, told in each.get("responses", {}).items() if status != "default"}
    if answers:
        yield f"Answers {', '.join(f'`{status}`' for status in answers)}, else a problem document.\n"
    for status, told in answers.items():
        if status.startswith("2") and (media := told.get("content", {}).get("application/json")):
            yield from _fields(media["schema"], document, f"`{status}` holds", needed="")
            break


def _fields(
    schema: dict[str, Any], document: dict[str, Any], title: str, needed: str = "needed"
) -> Iterator[str]:
    rows = list(_rows(schema, document, needed))
    if rows:
        yield f"{title}:\n"
        yield "| field | |\n|---|---|"
        yield from rows
        yield ""


def _rows(
    schema: dict[str, Any],
    document: dict[str, Any],
    needed: str,
    place: str = "",
    around: tuple[str, ...] = (),
) -> Iterator[str]:
    """A row a field, then those of what it holds (`items[].customer.name`), but for a kind within itself."""
    name = schema.get("$ref", "").rpartition("/")[2]
    named = document["components"]["schemas"].get(name, schema)
    if name and name in around:
        return
    for field, told in named.get("properties", {}).items():
        facts = _joined(
            needed if field in named.get("required", ()) else "", _type(told), told.get("description", "")
        )
        yield f"| `{place}{field}` | {facts} |"
        for held, many in _held(told):
            yield from _rows(held, document, needed, f"{place}{field}{many}.", (*around, name))


def _held(schema: dict[str, Any], many: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """The objects that a field may hold, each with a mark where it holds a list of them."""
    if "$ref" in schema or "properties" in schema:
        yield schema, many
    for each in schema.get("anyOf", schema.get("oneOf", ())):
        yield from _held(each, many)
    if "items" in schema:
        yield from _held(schema["items"], f"{many}[]")


def _joined(*facts: str) -> str:
    return " · ".join(filter(None, facts))


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "anyOf" in schema or "oneOf" in schema:
        return " or ".join(_type(each) for each in schema.get("anyOf") or schema["oneOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "any"))


def _events() -> Iterator[str]:
    """Every message of the AsyncAPI documents: who says it where, who hears it, its fields."""
    yield "# Messages\n"
    yield "From the AsyncAPI documents that `ispbills asyncapi SERVICE` prints.\n"
    documents = {service: _told(asyncapi, service) for service in _COMPOSED_IN}
    roads: dict[str, dict[str, set[str]]] = {}
    messages: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for service, document in documents.items():
        for name, operation in document["operations"].items():
            kind, _, topic = name.partition(" ")[2].partition(" on ")
            road = roads.setdefault(kind, {"send": set(), "receive": set(), "topic": set()})
            road[operation["action"]].add(service)
            road["topic"].add(topic)
        messages |= {kind: (each, document) for kind, each in document["components"]["messages"].items()}
    for kind, (message, document) in sorted(messages.items()):
        road = roads[kind]
        yield f"## `{kind}`\n"
        yield f"{message['summary']}\n"
        said, heard = _listed(road["send"]), _listed(road["receive"])
        yield f"On {_listed(road['topic'])}. Said by {said}, heard by {heard}.\n"
        yield from _fields(message["payload"], document, "Data")


def _listed(names: set[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names)) or "others"
