"""A client of the API, made by a public generator from nothing but the OpenAPI document."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PACKAGE = "desk_client"


def make_client(document: dict[str, Any], folder: Path) -> tuple[str, Path]:
    """Make the client in a folder; return what the generator said and where the package is."""
    tools = Path(sys.executable).parent
    source, made = folder / "openapi.json", folder / PACKAGE
    source.write_text(json.dumps(document))
    done = subprocess.run(
        [
            tools / "openapi-python-client",
            "generate",
            "--path",
            source,
            "--output-path",
            made,
            "--meta",
            "none",
            "--overwrite",
        ],
        env=os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said.replace(f"Generating {made}", "").strip(), made
