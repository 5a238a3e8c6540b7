"""Serve one simulator until Ctrl-C: `python -m devstack.simulators bkash`."""

from __future__ import annotations

import threading

import click

from devstack.simulators.bkash import BkashSimulator
from devstack.simulators.serving import serving
from devstack.simulators.sslcommerz import SslcommerzSimulator
from devstack.simulators.stripe import StripeSimulator

_SIMULATORS = {"bkash": BkashSimulator, "sslcommerz": SslcommerzSimulator, "stripe": StripeSimulator}


@click.command()
@click.argument("provider", type=click.Choice(list(_SIMULATORS)))
@click.option("--port", default=0)
def main(provider: str, port: int) -> None:
    """Serve a provider's simulator; its credentials are those of its class."""
    simulator = _SIMULATORS[provider]()
    with serving(simulator.app(), port) as url:
        simulator.url = url
        click.echo(f"{url}  {simulator.credentials}")
        threading.Event().wait()


if __name__ == "__main__":
    main()
