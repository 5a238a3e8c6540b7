"""Who the command line is at Kafka."""

from __future__ import annotations

import click

from shared.kafka import Kafka, WrongKafkaSettings, from_environment


def kafka_or_refuse() -> Kafka:
    """Return the broker that the environment or the stack names; refuse when neither does."""
    try:
        kafka = from_environment()
    except WrongKafkaSettings as error:
        raise click.ClickException(str(error)) from error
    if kafka is None:
        raise click.ClickException("KAFKA_BOOTSTRAP_SERVERS is not set, and no stack runs here")
    return kafka
