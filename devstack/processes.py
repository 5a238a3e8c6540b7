"""Finds and ends the processes of one stack, also those that no supervisor looks after any more."""

import os
import signal
from collections.abc import Iterable
from pathlib import Path

import psutil

from devstack.names import MARK
from devstack.postgres import data_directory
from devstack.postgres.run import works_in


def of_stack(directory: Path) -> list[psutil.Process]:
    """Every living process of the stack whose state is in `directory`."""
    data = data_directory(directory)
    return [one for one in psutil.process_iter() if _is_marked(one, directory) or works_in(one, data)]


def wake(processes: Iterable[psutil.Process]) -> None:
    """Let frozen processes go on, so that they can hear that they should stop."""
    for process in processes:
        _signal(process, signal.SIGCONT)


def end(processes: Iterable[psutil.Process], *, patience_seconds: float) -> None:
    """Ask each to stop, and kill what has not done so in time."""
    ending = list(processes)
    for process in ending:
        # For Postgres INT is the fast shutdown; for all others it is what Ctrl-C sends.
        _signal(process, signal.SIGINT)
        _signal(process, signal.SIGCONT)
    _, stubborn = psutil.wait_procs(ending, timeout=patience_seconds)
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=5)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _is_marked(process: psutil.Process, directory: Path) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        marked = process.environ().get(MARK) == str(directory)
        return bool(marked and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
