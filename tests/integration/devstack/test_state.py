"""What a stack remembers, chooses and tells its processes; no process is started here."""

import os
import socket
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devstack import environment, ports, state, supervision
from devstack.errors import StackError, StackRefused
from devstack.state import State
from tests import patience

BASE = 28600


@pytest.fixture(autouse=True)
def _no_stack_named_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", "ISPBILLS_PORT_BASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ISPBILLS_PORT_BASE", str(BASE))
    monkeypatch.setenv("ISPBILLS_STATE_DIR", str(tmp_path))


def test_a_port_in_use_moves_its_process_says_so_and_is_remembered() -> None:
    known = State()
    with socket.create_server(("127.0.0.1", BASE + 3)):
        said = ports.choose(known)
    moved = known.ports["notifications"]
    assert said == [f"port {BASE + 3} is in use: notifications takes {moved}"]
    assert len(set(known.ports.values())) == len(known.ports)
    assert ports.choose(known) == []
    assert known.ports["notifications"] == moved


def test_another_base_moves_every_port(monkeypatch: pytest.MonkeyPatch) -> None:
    known = State()
    ports.choose(known)
    monkeypatch.setenv("ISPBILLS_PORT_BASE", str(BASE + 20))
    ports.choose(known)
    assert known.ports["gateway"] == BASE + 20
    assert min(known.ports.values()) >= BASE + 20


@pytest.mark.parametrize("base", ["0", "-1", "x", "65535", "8080.5"])
def test_a_base_that_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("ISPBILLS_PORT_BASE", base)
    with pytest.raises(StackError, match="ISPBILLS_PORT_BASE"):
        ports.choose(State())


def test_the_secrets_are_kept_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    known = State()
    ports.choose(known)
    state.save(known, tmp_path)
    environment.write(known, tmp_path)
    assert state.load(tmp_path) == known
    for name in ("state.json", "environment.json"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_clock_never_goes_back() -> None:
    new_year = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    known = State()
    known.move_clock(new_year)
    known.has_run = True
    assert timedelta() <= known.now() - new_year < timedelta(seconds=5)
    with pytest.raises(StackRefused, match="time never goes back"):
        known.move_clock(new_year - timedelta(seconds=1))
    known.move_clock(new_year + timedelta(days=31))


def test_after_a_clean_stop_the_clock_may_start_where_it_stopped() -> None:
    stopped = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    known = State(has_run=True, clock_last_seen=stopped.isoformat(), clock_offset_seconds=1e7)
    known.move_clock(stopped)
    with pytest.raises(StackRefused):
        known.move_clock(stopped - timedelta(seconds=1))


def test_each_service_has_a_role_and_secrets_of_its_own(tmp_path: Path) -> None:
    known = State()
    ports.choose(known)
    variables = environment.write(known, tmp_path)
    urls = {value for name, value in variables.items() if name.endswith("_DATABASE_URL")}
    keys = {value for name, value in variables.items() if name.endswith("_SEALING_KEY")}
    assert (len(urls), len(keys)) == (7, 6)  # the auditor is a role and no service
    assert variables["PAYMENTS_DATABASE_URL"].startswith(
        f"postgresql://payments:{known.passwords['payments']}@"
    )


def test_a_database_named_from_outside_is_used_with_our_roles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:secret@db.example:6432/billing?sslmode=require")
    known = State()
    ports.choose(known)
    variables = environment.write(known, tmp_path)
    password = known.passwords["gateway"]
    expected = f"postgresql://gateway:{password}@db.example:6432/billing?sslmode=require"
    assert variables["GATEWAY_DATABASE_URL"] == expected
    assert not environment.owns_postgres()
    assert environment.owns_kafka()


def test_a_schema_with_a_database_of_its_own_has_its_roles_there_and_no_process_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = "postgresql://boss:secret@db.example/view"
    monkeypatch.setenv("GATEWAY_OWNER_DATABASE_URL", apart)
    known = State()
    ports.choose(known)
    variables = environment.write(known, tmp_path)
    for role in ("gateway", "projector"):
        assert variables[f"{role.upper()}_DATABASE_URL"].endswith("@db.example/view")
    assert variables["PAYMENTS_DATABASE_URL"].endswith("/ispbills")
    assert variables["GATEWAY_OWNER_DATABASE_URL"] == apart
    assert supervision._withheld() >= {"DATABASE_URL", "GATEWAY_OWNER_DATABASE_URL"}


def test_what_the_environment_says_wins_over_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = State()
    ports.choose(known)
    written = environment.write(known, tmp_path)
    monkeypatch.setattr(os, "environ", {"ISPBILLS_STATE_DIR": str(tmp_path), "GATEWAY_HTTP_PORT": "1"})
    environment.ensure_environment()
    assert os.environ["GATEWAY_HTTP_PORT"] == "1"
    assert os.environ["PAYMENTS_HTTP_PORT"] == written["PAYMENTS_HTTP_PORT"]


def test_two_stacks_that_start_at_once_take_their_ports_one_after_the_other() -> None:
    said: list[str] = []
    first, second = State(), State()
    with ThreadPoolExecutor() as beside:
        with ports.in_turn(first, said.append):
            ports.choose(first)
            waiting = beside.submit(_choose_in_turn, second, said)
            while not said:
                time.sleep(0.01)
            taken = [socket.create_server(("127.0.0.1", port)) for port in first.ports.values()]
        waiting.result(timeout=patience.SECONDS)
    for server in taken:
        server.close()
    assert said[0] == "waiting for another stack to take its ports"
    assert not set(first.ports.values()) & set(second.ports.values())


def _choose_in_turn(state: State, said: list[str]) -> None:
    with ports.in_turn(state, said.append):
        ports.choose(state)
