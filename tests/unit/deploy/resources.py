"""Resources that a cluster learns from others, KEDA's and the Prometheus operator's, by their own schemas."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
import yaml

from tests.tools import module

DEFINED_IN = {
    "keda.sh": "github.com/kedacore/keda/v2@v2.18.1",
    "monitoring.coreos.com": "github.com/prometheus-operator/prometheus-operator@v0.85.0",
}
FOLDERS = ("config/crd/bases", "example/prometheus-operator-crd")


class _Loader(yaml.SafeLoader):
    """YAML as Kubernetes reads it, where `=` is no more than a text."""


_Loader.add_constructor("tag:yaml.org,2002:value", _Loader.construct_yaml_str)


def faults(resource: dict[str, Any]) -> list[str]:
    """What the definition of a resource does not allow, a field that it does not know among it."""
    group, _, version = resource["apiVersion"].partition("/")
    validator = _definitions(group)[version, resource["kind"]]
    return [str(each) for each in validator.iter_errors(resource)]


@cache
def _definitions(group: str) -> dict[tuple[str, str], jsonschema_rs.Draft202012Validator]:
    folder = module(DEFINED_IN[group])
    found = {}
    for file in (file for each in FOLDERS for file in (folder / each).glob(f"{group}_*.yaml")):
        spec = yaml.load(file.read_text(), _Loader)["spec"]
        for version in spec["versions"]:
            schema = _strict(version["schema"]["openAPIV3Schema"])
            found[version["name"], spec["names"]["kind"]] = jsonschema_rs.Draft202012Validator(schema)
    return found


def _strict(schema: Any) -> Any:
    """The schema without room for fields that it does not name; a cluster drops those in silence."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _strict(each) for name, each in schema.items()}
    is_open = "additionalProperties" in made or made.get("x-kubernetes-preserve-unknown-fields")
    if isinstance(made.get("properties"), dict) and made.get("type") == "object" and not is_open:
        made["additionalProperties"] = False
    return made
