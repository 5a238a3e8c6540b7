"""A process ends when it is told to, also while it waits for stores that never come."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import patience

ROOT = Path(__file__).resolve().parents[3]
WAITING = '"event": "waiting"'


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_waits_for_postgres_at_its_start_ends_when_it_is_told_to(how: signal.Signals) -> None:
    nobody = {
        "INVOICING_DATABASE_URL": "postgresql://x:y@127.0.0.1:1/nobody",
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    }
    program = "from services.invoicing.app import run; run(0)"
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ | nobody, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = ""
        while WAITING not in said and (line := process.stdout.readline()):
            said += line
        assert WAITING in said, said
        process.send_signal(how)
        assert process.wait(timeout=patience.SECONDS) == -how
    finally:
        process.kill()
        process.stdout.close()
