"""The consumer groups of each process with their topics, from the code that subscribes."""

from __future__ import annotations

import base64
import importlib
from functools import cache

from cli.serve import _PROCESSES
from shared.service import Service
from tests.unit.deploy.told import SETTINGS

KEY = base64.b64encode(bytes(32)).decode()


@cache
def groups_of(process: str) -> dict[str, tuple[str, ...]]:
    """Each group that a process joins, with the topics that it reads; none where a pattern names them."""
    kind = SETTINGS[process]
    needed = {
        name: KEY if "key" in name else "x" * 32
        for name, field in kind.model_fields.items()
        if field.is_required()
    }
    service: Service = importlib.import_module(_PROCESSES[process]).create_service(kind(**needed))
    return {
        f"{service.name}.{subscription.name}": subscription.topics for subscription in service.subscriptions
    }
