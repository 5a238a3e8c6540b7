"""`ispbills --version`: what SECURITY.md asks for, also in an image, which holds no package of ours."""

from __future__ import annotations

import importlib.metadata

import pytest
from click.testing import CliRunner

from cli.main import main
from shared.release import VERSION


def test_the_release_is_told_where_no_package_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", none)
    assert CliRunner().invoke(main, ["--version"]).output == f"{VERSION}\n"
