"""`ispbills demo load`: the demo ISP, made through the public ways of a stack that is up."""

from __future__ import annotations

import asyncio
import os

import click
import httpx

from cli.kafka import kafka_or_refuse
from devstack import environment, state
from devstack.demo import story
from devstack.demo.clerk import DemoFailed
from devstack.demo.days import Calendar
from devstack.demo.office import Installation


@click.group()
def demo() -> None:
    """Load the demo ISP."""


@demo.command()
def load() -> None:
    """Make Shapla Net: resellers, packages, customers and three months of bills. Safe to run again."""
    environment.ensure_environment()
    directory = state.state_directory()
    known = state.load(directory)
    if known is None:
        raise click.ClickException("no stack was started here: ispbills up")
    if known.has_demo:
        click.echo("  the demo ISP is there already")
        return
    where = Installation(
        gateway_url=os.environ["GATEWAY_PUBLIC_URL"],
        kafka=kafka_or_refuse(),
        login={"email": known.admin_email, "password": known.admin_password},
        calendar=Calendar(directory),
    )
    try:
        asyncio.run(story.load(where, click.echo))
    except DemoFailed as failure:
        raise click.ClickException(str(failure)) from failure
    except httpx.TransportError as error:
        raise click.ClickException(f"the gateway does not answer: {error!r}") from error
