"""Apache Kafka as a single KRaft node: broker and controller in one process, on loopback only."""

import os
import shutil
import subprocess
from pathlib import Path

from devstack.errors import StackError
from devstack.kafka import jars
from devstack.names import MARK
from devstack.state import State, write_private

_LOGGING = Path(__file__).with_name("log4j2.xml")


def prepare(state: State, directory: Path) -> None:
    """Write the node's settings and format its log once; a format cut short is done again."""
    home = directory / "kafka"
    home.mkdir(exist_ok=True)
    write_private(home / "server.properties", _properties(state, home))
    formatted = home / "formatted"
    if formatted.exists() and formatted.read_text() == state.kafka_cluster_id:
        return
    shutil.rmtree(home / "data", ignore_errors=True)
    marked = os.environ | {MARK: str(directory)}
    done = subprocess.run(_format_command(state, home), capture_output=True, text=True, env=marked)
    if done.returncode != 0:
        raise StackError(f"Kafka's log could not be formatted:\n{(done.stdout + done.stderr)[-2000:]}")
    formatted.write_text(state.kafka_cluster_id)


def command(directory: Path) -> list[str]:
    """What the supervisor runs."""
    # The serial collector and the quick compiler alone: on one machine the second compiler and G1's threads
    # took twice the CPU until the broker was warm, and more than the broker's own work afterwards.
    memory = ["-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    return [*_java(*memory), "kafka.Kafka", str(directory / "kafka" / "server.properties")]


def _java(*options: str) -> list[str]:
    classes = f"{jars.cached()}/*"
    logging = f"-Dlog4j2.configurationFile={_LOGGING}"
    return [jars.java(), *options, "-Djava.awt.headless=true", logging, "-cp", classes]


def _format_command(state: State, home: Path) -> list[str]:
    tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={state.kafka_cluster_id}"]
    return [*_java("-Xmx128m", "-XX:TieredStopAtLevel=1"), *tool, "--config", str(home / "server.properties")]


def _properties(state: State, home: Path) -> str:
    broker, controller = state.ports["kafka"], state.ports["kafka-controller"]
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listeners": f"PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{broker}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": home / "data",
        "auto.create.topics.enable": "false",
        "num.partitions": 12,
        "default.replication.factor": 1,
        "offsets.topic.num.partitions": 12,
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "group.initial.rebalance.delay.ms": 0,
        # A killed node may register again only when the session of its former life is over.
        "broker.session.timeout.ms": 4000,
        "broker.heartbeat.interval.ms": 500,
        "num.recovery.threads.per.data.dir": 2,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
