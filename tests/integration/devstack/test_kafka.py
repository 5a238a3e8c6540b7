"""Making Kafka's log ready before its first start."""

from pathlib import Path

import pytest

from devstack import kafka, ports
from devstack.state import State


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("ISPBILLS_PORT_BASE", "28650")
    # One random id in 64 starts like an option.
    known = State(kafka_cluster_id="-W0xTz7bQyS3rG1cYkq4ug")
    ports.choose(known)
    return known


def test_a_format_that_was_cut_short_is_done_again(known: State, tmp_path: Path) -> None:
    torn = tmp_path / "kafka" / "data" / "meta.properties"
    torn.parent.mkdir(parents=True)
    torn.write_text("version=1\n")
    kafka.prepare(known, tmp_path)
    assert f"cluster.id={known.kafka_cluster_id}" in torn.read_text()


def test_a_log_is_formatted_only_once(known: State, tmp_path: Path) -> None:
    kafka.prepare(known, tmp_path)
    made = (tmp_path / "kafka" / "data" / "meta.properties").stat().st_mtime_ns
    kafka.prepare(known, tmp_path)
    assert (tmp_path / "kafka" / "data" / "meta.properties").stat().st_mtime_ns == made
