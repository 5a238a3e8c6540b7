"""The client in client/: what a public generator makes of the OpenAPI document, and of nothing else.

`make client` writes it anew, after the API has changed; a test says when that is due. `generator.yaml` tells
the generator how, `templates/` what to do otherwise: a value that a later release adds is no error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent
PACKAGE = HOME.parents[1] / "client/ispbills_client"
# Made anew each time; whatever else is in the package is written by hand.
GENERATED = ("__init__.py", "client.py", "errors.py", "types.py", "api", "models")


class NotMade(RuntimeError):
    """The generator made no client, or not a whole one."""


def generate(document: Path, folder: Path) -> None:
    """Make a client of an OpenAPI document in a folder; raises `NotMade` with what the generator warns of."""
    tools = Path(sys.executable).parent
    command: list[str | Path] = [tools / "openapi-python-client", "generate", "--path", document]
    command += ["--config", HOME / "generator.yaml", "--custom-template-path", HOME / "templates"]
    command += ["--output-path", folder, "--meta", "none", "--overwrite", "--fail-on-warning"]
    done = subprocess.run(
        command,
        # The generator calls ruff by its name.
        env=os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stdout + done.stderr).replace(f"Generating {folder}", "").strip()
    if done.returncode != 0 or said:
        raise NotMade(said)


def replace(made: Path, package: Path = PACKAGE) -> None:
    """Put what was generated in the place of what was generated before."""
    for name in GENERATED:
        old = package / name
        if old.is_dir():
            shutil.rmtree(old)
        shutil.move(made / name, old)


def generated_files(package: Path) -> dict[str, str]:
    """Return what was generated of a package: its files, by their paths in it."""
    files = [file for name in GENERATED for file in (package / name, *(package / name).rglob("*.py"))]
    return {str(file.relative_to(package)): file.read_text() for file in files if file.suffix == ".py"}
