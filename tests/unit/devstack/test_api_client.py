"""The client that is vendored is the one that the generator makes of the API as it is."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.schema import openapi
from devstack.api_client import PACKAGE, NotMade, generate, generated_files
from ispbills_client.models.bill_status import check_bill_status
from shared.release import VERSION

ROOT = Path(__file__).resolve().parents[3]


def test_the_vendored_client_is_what_the_api_says_now(tmp_path: Path) -> None:
    document, made = tmp_path / "openapi.json", tmp_path / "made"
    document.write_text(CliRunner().invoke(openapi, catch_exceptions=False).stdout)
    generate(document, made)
    new, old = generated_files(made), generated_files(PACKAGE)
    differ = sorted(name for name in new.keys() | old.keys() if new.get(name) != old.get(name))
    assert differ == [], "make client, and commit it"
    operations = [
        each for item in json.loads(document.read_text())["paths"].values() for each in item.values()
    ]
    modules = {file.stem for file in (PACKAGE / "api").glob("*/*.py")} - {"__init__"}
    assert modules == {each["operationId"] for each in operations}


def test_what_the_generator_does_not_understand_is_an_error(tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    answer = {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/nowhere"}}}}}
    paths = {"/bills": {"get": {"operationId": "list_bills", "responses": answer}}}
    info = {"title": "ispbills", "version": "1"}
    document.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}))
    with pytest.raises(NotMade, match="/nowhere"):
        generate(document, tmp_path / "made")


def test_a_value_that_a_later_release_adds_is_passed_on() -> None:
    assert str(check_bill_status("disputed")) == "disputed"


def test_the_client_has_the_version_of_the_release() -> None:
    its = tomllib.loads((ROOT / "client/pyproject.toml").read_text())
    assert its["project"]["version"] == VERSION
