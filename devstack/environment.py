"""The environment of a stack's processes: worked out at `up`, kept in the state, found by every command."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from devstack import kafka
from devstack.names import AUDITOR, SERVICES
from devstack.state import State, state_directory, write_private
from shared import owners
from shared.kafka import Kafka, from_environment
from shared.sealing import public_key_of

HOST = "127.0.0.1"
DATABASE = "ispbills"
_FILE = "environment.json"
_CLOCK = "clock"


def ensure_environment() -> None:
    """Fill in what the environment does not say from the stack of the state directory, if there is one."""
    kept = read(state_directory())
    # Who names a broker of his own must not meet it with the users of the stack's.
    other_broker = os.environ.get("KAFKA_BOOTSTRAP_SERVERS") not in (
        None,
        kept.get("KAFKA_BOOTSTRAP_SERVERS"),
    )
    for name, value in kept.items():
        if not (other_broker and "KAFKA_" in name):
            os.environ.setdefault(name, value)


def read(directory: Path) -> dict[str, str]:
    """Return the variables that the last `up` wrote; empty when there was none."""
    try:
        variables: dict[str, str] = json.loads((directory / _FILE).read_text())
    except FileNotFoundError:
        return {}
    return variables


def write(state: State, directory: Path) -> dict[str, str]:
    """Keep the environment that this state makes, and answer it."""
    variables = _variables(state, directory)
    turn_clock(directory, state.clock_offset_seconds)
    write_private(directory / _FILE, json.dumps(variables, indent=2))
    return variables


def turn_clock(directory: Path, offset_seconds: float) -> None:
    """Let every process of the stack read another time from now on."""
    write_private(directory / _CLOCK, repr(offset_seconds))


def owns_postgres() -> bool:
    """Whether Postgres is ours to start: nobody named another."""
    return not os.environ.get("DATABASE_URL")


def owns_kafka() -> bool:
    """Whether Kafka is ours to start: nobody named another."""
    return not os.environ.get("KAFKA_BOOTSTRAP_SERVERS")


def is_embedded(state: State, variables: Mapping[str, str]) -> bool:
    """Whether the database of these variables is the one that this state's stack runs itself."""
    return variables.get("DATABASE_URL") == _embedded_url(state)


def kafka_of(variables: Mapping[str, str]) -> Kafka:
    """The broker of these variables, as its administrator."""
    broker = from_environment(variables)
    assert broker is not None, "every stack has a broker"
    return broker


def _embedded_url(state: State) -> str:
    return f"postgresql://postgres:{state.passwords['postgres']}@{HOST}:{state.ports['postgres']}/{DATABASE}"


def _variables(state: State, directory: Path) -> dict[str, str]:
    database_url = os.environ.get("DATABASE_URL") or _embedded_url(state)
    blobs = str(directory / "blobs")
    payments_url = f"http://{HOST}:{state.ports['payments']}"
    notifications_url = f"http://{HOST}:{state.ports['notifications']}"
    to_notifications = public_key_of(state.sealing_keys["notifications"])
    return (
        _kafka_variables(state)
        | _own_variables(state, database_url)
        | {
            "ISPBILLS_ENVIRONMENT": "development",
            "ISPBILLS_CLOCK_OFFSET_SECONDS": repr(state.clock_offset_seconds),
            "ISPBILLS_CLOCK_FILE": str(directory / _CLOCK),
            "GATEWAY_PUBLIC_URL": f"http://{HOST}:{state.ports['gateway']}",
            "GATEWAY_LINK_KEY": state.link_key,
            "GATEWAY_PAYMENTS_PUBLIC_URL": payments_url,
            "GATEWAY_NOTIFICATIONS_PUBLIC_URL": notifications_url,
            "GATEWAY_NOTIFICATIONS_SEALING_PUBLIC_KEY": to_notifications,
            "GATEWAY_PAYMENTS_SEALING_PUBLIC_KEY": public_key_of(state.sealing_keys["payments"]),
            "PAYMENTS_PUBLIC_URL": payments_url,
            "PAYMENTS_GATEWAY_PUBLIC_URL": f"http://{HOST}:{state.ports['gateway']}",
            "PAYMENTS_LINK_KEY": state.link_key,
            "PAYMENTS_NOTIFICATIONS_SEALING_PUBLIC_KEY": to_notifications,
            "NOTIFICATIONS_PUBLIC_URL": notifications_url,
            "GATEWAY_SESSION_SECRET": state.session_secret,
            "DOCUMENTS_BLOB_DIR": blobs,
            "GATEWAY_BLOB_DIR": blobs,
        }
    )


def _own_variables(state: State, database_url: str) -> dict[str, str]:
    """Return the variables that every service has: its database, its address, its key."""
    owned = os.environ | {"DATABASE_URL": database_url}
    variables = {name: owned[name] for name in owners.VARIABLES if owned.get(name)}
    for name in SERVICES:
        prefix = name.upper()
        schema = "gateway" if name == "projector" else name
        own_url = _as_role(owners.owner_url(schema, owned), name, state.passwords[name])
        variables[f"{prefix}_DATABASE_URL"] = os.environ.get(f"{prefix}_DATABASE_URL") or own_url
        variables[f"{prefix}_HTTP_HOST"] = HOST
        variables[f"{prefix}_HTTP_PORT"] = str(state.ports[name])
        variables[f"{prefix}_SEALING_KEY"] = state.sealing_keys[name]
    audits = "PROJECTOR_AUDIT_DATABASE_URL"
    as_auditor = _as_role(database_url, AUDITOR, state.passwords[AUDITOR])
    return variables | {audits: os.environ.get(audits) or as_auditor}


def _kafka_variables(state: State) -> dict[str, str]:
    """The command line is the broker's administrator; each service is a user of its own."""
    if not owns_kafka():
        return {name: value for name, value in os.environ.items() if "KAFKA_" in name}
    variables = {
        "KAFKA_BOOTSTRAP_SERVERS": f"{HOST}:{state.ports['kafka']}",
        "KAFKA_PARTNER_BOOTSTRAP_SERVERS": f"{HOST}:{state.ports['kafka-partners']}",
        "KAFKA_PARTNER_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
    }
    if not kafka.is_open():
        variables["KAFKA_SECURITY_PROTOCOL"] = "SASL_PLAINTEXT"
        variables["KAFKA_SASL_MECHANISM"] = "PLAIN"
        variables["KAFKA_USERNAME"] = kafka.ADMIN
        variables["KAFKA_PASSWORD"] = state.passwords["kafka"]
    for name in SERVICES:
        prefix = f"{name.upper()}_KAFKA"
        variables[f"{prefix}_BOOTSTRAP_SERVERS"] = f"{HOST}:{state.ports['kafka-services']}"
        variables[f"{prefix}_SECURITY_PROTOCOL"] = "SASL_PLAINTEXT"
        variables[f"{prefix}_SASL_MECHANISM"] = "SCRAM-SHA-512"
        variables[f"{prefix}_USERNAME"] = name
        variables[f"{prefix}_PASSWORD"] = state.passwords[f"kafka-{name}"]
    return variables


def _as_role(database_url: str, role: str, password: str) -> str:
    parts = urlsplit(database_url)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password, safe='')}@{address}"))
