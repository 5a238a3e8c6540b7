"""`ispbills openapi | python -m devstack.api_client`: writes the client in client/ anew."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from devstack.api_client import generate, replace

with TemporaryDirectory() as folder:
    document, made = Path(folder, "openapi.json"), Path(folder, "made")
    document.write_text(sys.stdin.read())
    generate(document, made)
    replace(made)
