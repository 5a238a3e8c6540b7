"""Apache Kafka as a single KRaft node: broker and controller in one process, on loopback only.

LOCAL is the developer's way in: without credentials, as administrator. SERVICES and PARTNERS know each user
by SCRAM and let it do what its ACLs say; `KAFKA_SECURITY_PROTOCOL=SASL_PLAINTEXT` at `up` closes LOCAL too.
"""

import os
import shutil
import subprocess
from pathlib import Path

from devstack.errors import StackError
from devstack.kafka import jars
from devstack.names import MARK
from devstack.state import State, write_private

ADMIN = "kafka"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
_LOGGING = Path(__file__).with_name("log4j2.xml")


def is_open() -> bool:
    """Whether LOCAL lets everybody on this machine in: unless the environment of `up` asks for SASL."""
    return not os.environ.get("KAFKA_SECURITY_PROTOCOL", "").startswith("SASL_")


def prepare(state: State, directory: Path) -> None:
    """Write the node's settings and format its log once; a format cut short is done again."""
    home = directory / "kafka"
    home.mkdir(mode=0o700, exist_ok=True)
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
    """Return the command that the supervisor runs."""
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
    settings = _listeners(state) | _access(state)
    settings |= {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{state.ports['kafka-controller']}",
        "log.dirs": str(home / "data"),
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
        # Twice a second it writes that nothing happened, which serves controllers that follow another.
        "metadata.max.idle.interval.ms": 10_000,
        "num.recovery.threads.per.data.dir": 2,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _listeners(state: State) -> dict[str, object]:
    ports = {
        "LOCAL": state.ports["kafka"],
        "SERVICES": state.ports["kafka-services"],
        "PARTNERS": state.ports["kafka-partners"],
    }
    addresses = [f"{name}://127.0.0.1:{port}" for name, port in ports.items()]
    local = "PLAINTEXT" if is_open() else "SASL_PLAINTEXT"
    sasl = [f"{name}:SASL_PLAINTEXT" for name in ("SERVICES", "PARTNERS", "CONTROLLER")]
    return {
        "listeners": ",".join([*addresses, f"CONTROLLER://127.0.0.1:{state.ports['kafka-controller']}"]),
        "advertised.listeners": ",".join(addresses),
        "listener.security.protocol.map": ",".join([f"LOCAL:{local}", *sasl]),
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "LOCAL",
        # Each listener has threads of its own, which look around also when nothing comes.
        "num.network.threads": 2,
        "listener.name.partners.num.network.threads": 1,
        "listener.name.controller.num.network.threads": 1,
    }


def _access(state: State) -> dict[str, object]:
    password = state.passwords["kafka"]
    plain = f'{_PLAIN} required username="{ADMIN}" password="{password}" user_{ADMIN}="{password}";'
    nobody = ["User:ANONYMOUS"] if is_open() else []
    return {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": ";".join([f"User:{ADMIN}", *nobody]),
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.local.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.local.plain.sasl.jaas.config": plain,
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": plain,
        "listener.name.services.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.services.scram-sha-512.sasl.jaas.config": f"{_SCRAM} required;",
        "listener.name.partners.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.partners.scram-sha-512.sasl.jaas.config": f"{_SCRAM} required;",
        # A connection outlives its password by five minutes at most; its rights end at once.
        "listener.name.partners.connections.max.reauth.ms": 300_000,
        "listener.name.partners.max.connections": 200,
    }
