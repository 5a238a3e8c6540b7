"""`ispbills up|down|status|logs|start|stop`: the embedded stack from the command line."""

import json
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from devstack import environment, processes, readiness, stack, state, supervision
from devstack.errors import StackError, StackRefused
from devstack.names import PROCESSES, SERVICES

_NAME = click.argument("name", type=click.Choice(PROCESSES))


class _Moment(click.ParamType[datetime]):
    name = "timestamp"

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-12-31T23:59:30+06:00", parameter, context)
        if moment.tzinfo is None:
            self.fail(
                f"{value!r} does not say its offset; write {value}+06:00 or {value}Z", parameter, context
            )
        return moment


@click.command()
@click.option("--detach", is_flag=True, help="Return once everything is ready.")
@click.option("--demo", is_flag=True, help="Load the demo ISP and run its billing, once.")
@click.option("--clock", type=_Moment(), help="Start every process's clock at this time and let it tick.")
def up(detach: bool, demo: bool, clock: datetime | None) -> None:
    """Start Postgres, Kafka and the services, bring the schemas up to date, and stay until Ctrl-C."""
    directory = state.state_directory()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        started = stack.bring_up(directory, clock=clock, demo=demo, say=_say)
    except KeyboardInterrupt:
        sys.exit(130)
    except StackRefused as error:
        raise click.ClickException(str(error)) from error
    except StackError as error:
        _give_up(error, directory, detach)
    click.echo(_summary(directory))
    if started and not detach:
        _stay(directory)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _give_up(error: StackError, directory: Path, detach: bool) -> NoReturn:
    if not detach:
        with suppress(StackError):  # what went wrong first is told
            stack.take_down(directory)
    elif supervision.is_running(directory):
        _say("What did start is left running: ispbills status, logs, down")
    raise click.ClickException(str(error)) from error


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stay(directory: Path) -> None:
    click.echo("Ctrl-C stops everything; ispbills logs -f shows what the processes say.")
    try:
        while processes.of_stack(directory):
            time.sleep(1)
        click.echo("stopped")
    except KeyboardInterrupt:
        _say("\nstopping")
        _take_down(directory)


@click.command()
def down() -> None:
    """Stop everything and leave no process behind."""
    _take_down(state.state_directory())


def _take_down(directory: Path) -> None:
    try:
        stack.take_down(directory)
    except StackError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Show addresses, login and processes, also while some or all are down."""
    directory = state.state_directory()
    known = state.load(directory)
    if known is None:
        raise click.ClickException(f"nothing was started in {directory} yet: ispbills up")
    facts = _facts(known, directory)
    click.echo(json.dumps(facts, indent=2) if as_json else _table(known, facts))


def _facts(known: state.State, directory: Path) -> dict[str, Any]:
    variables = environment.read(directory)
    admin = {"email": known.admin_email}
    if environment.is_embedded(known, variables):
        admin["password"] = known.admin_password
    return {
        "gateway_url": variables.get("GATEWAY_PUBLIC_URL"),
        "payments_url": variables.get("PAYMENTS_PUBLIC_URL"),
        "kafka_bootstrap_servers": variables.get("KAFKA_BOOTSTRAP_SERVERS"),
        "partner_bootstrap_servers": variables.get("KAFKA_PARTNER_BOOTSTRAP_SERVERS"),
        "database_url": variables.get("DATABASE_URL"),
        "state_dir": str(directory),
        "admin": admin,
        "processes": _pids(directory),
    }


def _pids(directory: Path) -> dict[str, int | None]:
    pids = supervision.pids(directory) or dict.fromkeys(PROCESSES)
    return {name: pids[name] for name in PROCESSES if name in pids}


def _table(known: state.State, facts: dict[str, Any]) -> str:
    waiting = readiness.unready({name: known.ports[name] for name in SERVICES})
    lines = [_addresses(facts), f"  clock     {known.now().isoformat(timespec='seconds')}", ""]
    for name, pid in facts["processes"].items():
        condition = "down" if pid is None else "not ready" if name in waiting else "up"
        lines.append(f"  {name:<14}{pid or '-':>8}  {condition}")
    return "\n".join(lines)


def _summary(directory: Path) -> str:
    known = state.load(directory)
    assert known is not None, "what is up has a state"
    return "ispbills is up\n" + _addresses(_facts(known, directory))


def _addresses(facts: dict[str, Any]) -> str:
    admin = facts["admin"]
    return (
        f"  bills     {facts['gateway_url']}\n"
        f"  sign in   {admin['email']}  {admin.get('password', '')}\n"
        f"  payments  {facts['payments_url']}"
    )


@click.command()
@_NAME
def start(name: str) -> None:
    """Start one process that was stopped."""
    _order(supervision.start, name)


@click.command()
@_NAME
def stop(name: str) -> None:
    """Stop one process and hold it down until it is started again."""
    _order(supervision.stop, name)


def _order(order: Callable[[Path, str], None], name: str) -> None:
    try:
        order(state.state_directory(), name)
    except StackError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.argument("name", type=click.Choice(PROCESSES), required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on as they say more.")
@click.option(
    "-n",
    "--lines",
    type=click.IntRange(1, 100_000),
    default=40,
    show_default=True,
    help="How many lines of each to begin with.",
)
def logs(name: str | None, follow: bool, lines: int) -> None:
    """Show what the processes say, or one of them."""
    folder = state.state_directory() / "logs"
    names = [name] if name else list(PROCESSES)
    for one in names:
        for line in readiness.tail(folder / f"{one}.log", lines):
            click.echo(_labelled(one, line, alone=name is not None))
    if follow:
        _follow(folder, names)


def _labelled(name: str, line: str, *, alone: bool) -> str:
    return line if alone else f"{name:<14}| {line}"


def _follow(folder: Path, names: list[str]) -> None:
    places = {name: _size(folder / f"{name}.log") for name in names}
    while True:
        for name in names:
            log = folder / f"{name}.log"
            # A log that became shorter was rotated and begins anew.
            place = places[name] if places[name] <= _size(log) else 0
            for line in _lines_from(log, place):
                click.echo(_labelled(name, line, alone=len(names) == 1))
            places[name] = _size(log)
        time.sleep(0.3)


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _lines_from(log: Path, place: int) -> list[str]:
    if _size(log) <= place:
        return []
    with log.open("rb") as file:
        file.seek(place)
        return file.read().decode(errors="replace").splitlines()
