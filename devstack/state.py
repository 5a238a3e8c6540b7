"""What a stack remembers between runs: its ports, secrets and clock, in `state.json` of its directory."""

import base64
import json
import os
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from devstack.errors import StackRefused
from devstack.names import AUDITOR, SERVICES

PRIVATE_UMASK = 0o077
ADMIN_EMAIL = "admin@ispbills.test"


def state_directory() -> Path:
    """ISPBILLS_STATE_DIR, else `.ispbills` of the current directory; it need not exist."""
    return Path(os.environ.get("ISPBILLS_STATE_DIR") or ".ispbills").resolve()


@dataclass
class State:
    """Everything that must stay the same from one `up` to the next; secrets are made once."""

    port_base: int = 0
    ports: dict[str, int] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    sealing_keys: dict[str, str] = field(default_factory=dict)
    link_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    session_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    kafka_cluster_id: str = field(default_factory=lambda: _cluster_id())
    admin_email: str = ADMIN_EMAIL
    admin_password: str = field(default_factory=lambda: secrets.token_hex(8))
    clock_offset_seconds: float = 0.0
    clock_last_seen: str | None = None
    # Where the clock is to be once the demo has been loaded; None where it need not go anywhere.
    clock_goal_offset_seconds: float | None = None
    has_run: bool = False
    has_admin: bool = False
    has_demo: bool = False

    def __post_init__(self) -> None:
        for name in ("postgres", "kafka", AUDITOR, *SERVICES, *(f"kafka-{name}" for name in SERVICES)):
            self.passwords.setdefault(name, secrets.token_urlsafe(18))
        for name in SERVICES:
            self.sealing_keys.setdefault(name, base64.b64encode(secrets.token_bytes(32)).decode())

    def now(self) -> datetime:
        """The stack's time: real time plus the offset that `--clock` asked for."""
        return datetime.now(UTC) + timedelta(seconds=self.clock_offset_seconds)

    def last_seen(self) -> datetime | None:
        """The latest time this state may have seen: exact after a clean stop, else its clock now."""
        if not self.has_run:
            return None
        return datetime.fromisoformat(self.clock_last_seen) if self.clock_last_seen else self.now()

    def move_clock(self, to: datetime) -> None:
        """Let the stack's clock show `to` now; refused when the state has already seen a later time."""
        last = self.last_seen()
        if last is not None and to < last:
            raise StackRefused(
                f"--clock {to.isoformat()} is before {last.isoformat(timespec='seconds')}, "
                "which this state has already seen; time never goes back. "
                "Choose a later time, or start with an empty state directory."
            )
        self.clock_offset_seconds = (to - datetime.now(UTC)).total_seconds()


def _cluster_id() -> str:
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


def load(directory: Path) -> State | None:
    """The state kept in `directory`, or None when nothing was ever started there."""
    try:
        known: dict[str, Any] = json.loads((directory / "state.json").read_text())
    except FileNotFoundError:
        return None
    names = {one.name for one in fields(State)}
    return State(**{key: value for key, value in known.items() if key in names})


def save(state: State, directory: Path) -> None:
    """Write the state for the owner's eyes only, whole or not at all."""
    write_private(directory / "state.json", json.dumps(asdict(state), indent=2))


def close_to_others(directory: Path) -> None:
    """Let only the owner into a state and what holds data in it, also in one of an earlier release.

    A folder that holds other things than a state is left as it is.
    """
    if (directory / "state.json").exists() or not any(directory.iterdir()):
        directory.chmod(0o700)
    for name in ("logs", "blobs", "kafka", "kafka/data", "postgres"):
        folder = directory / name
        if name in ("logs", "blobs"):
            folder.mkdir(exist_ok=True)
        if folder.exists():
            folder.chmod(0o700)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only the owner can read it."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


@contextmanager
def changing(directory: Path) -> Iterator[State]:
    """The state, saved again when the block ends without an error."""
    state = load(directory) or State()
    yield state
    save(state, directory)
