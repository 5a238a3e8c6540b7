"""The command line's own user at Kafka."""

from __future__ import annotations

import logging

import click

from shared.kafka import Kafka, WrongKafkaSettings, from_environment


def kafka_or_refuse() -> Kafka:
    """Return the broker that the environment or the stack names; refuse when neither does."""
    try:
        kafka = from_environment()
    except WrongKafkaSettings as error:
        raise click.ClickException(str(error)) from error
    # Says at every connection that PLAIN travels in the clear, which docs/security.md says once.
    logging.getLogger("aiokafka.conn").setLevel(logging.ERROR)
    if kafka is None:
        raise click.ClickException("KAFKA_BOOTSTRAP_SERVERS is not set, and no stack runs here")
    return kafka
