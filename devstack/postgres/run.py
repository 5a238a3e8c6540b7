"""Becomes the Postgres server: `python -m devstack.postgres.run`, as the supervisor starts it."""

import os
import time
from pathlib import Path

import psutil

from devstack import postgres, state

_GRACE_SECONDS = 1.0


def main() -> None:
    """Clear away what a killed server left behind, step down from root, become the server."""
    directory = state.state_directory()
    known = state.load(directory)
    assert known is not None, "up writes the state before it starts anything"
    _wait_for_orphans(postgres.data_directory(directory))
    user = postgres.system_user()
    with postgres.reachable(postgres.data_directory(directory)) as (data, descriptor):
        command = postgres.server_command(data, known.ports["postgres"])
        if user is not None:
            os.set_inheritable(descriptor, True)
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
        os.chdir("/")
        os.execv(command[0], command)


def _wait_for_orphans(data: Path) -> None:
    # Backends of a killed server hold its shared memory, and a new one refuses to start beside them;
    # most notice by themselves, but a frozen or busy one has to be killed.
    orphans = [process for process in psutil.process_iter() if works_in(process, data)]
    _, stubborn = psutil.wait_procs(orphans, timeout=_GRACE_SECONDS)
    for process in stubborn:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    while any(process.is_running() and works_in(process, data) for process in stubborn):
        time.sleep(0.05)


def works_in(process: psutil.Process, folder: Path) -> bool:
    """Whether the process lives and its current directory is `folder`, as a Postgres server's is its data."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(folder))
    except psutil.Error:
        return False


if __name__ == "__main__":
    main()
