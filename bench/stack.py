"""A stack of the benchmark's own, and ways to speak to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PORT_BASE = os.environ.get("ISPBILLS_PORT_BASE", "28080")


@dataclass(frozen=True)
class Stack:
    """A running stack: its addresses and an administrator's client."""

    gateway_url: str
    database_url: str
    kafka_bootstrap_servers: str
    token: str
    email: str
    password: str
    environment: dict[str, str]

    def client(self) -> httpx.AsyncClient:
        """An HTTP client that acts as the administrator."""
        return httpx.AsyncClient(
            base_url=f"{self.gateway_url}/api/v1",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=120,
            limits=httpx.Limits(max_connections=64),
        )

    def command(self, *arguments: str) -> str:
        """What an `ispbills` command prints."""
        return _ispbills(self.environment, *arguments)


@contextmanager
def running(*, demo: bool = False) -> Iterator[Stack]:
    """An empty stack, or one with the demo ISP; gone when the context ends."""
    directory = Path(tempfile.mkdtemp(prefix="ispbills-bench-"))
    environment = os.environ | {"ISPBILLS_STATE_DIR": str(directory), "ISPBILLS_PORT_BASE": PORT_BASE}
    try:
        _ispbills(environment, "up", "--detach", *(["--demo"] if demo else []))
        status: dict[str, Any] = json.loads(_ispbills(environment, "status", "--json"))
        token = _ispbills(environment, "tokens", "create", "--user", status["admin"]["email"]).strip()
        yield Stack(
            status["gateway_url"],
            status["database_url"],
            status["kafka_bootstrap_servers"],
            token,
            status["admin"]["email"],
            status["admin"]["password"],
            environment,
        )
    finally:
        _ispbills(environment, "down")
        shutil.rmtree(directory, ignore_errors=True)


def _ispbills(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout
