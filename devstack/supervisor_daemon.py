"""supervisord, made to start what died again at once and for ever; takes its options.

Out of the box it looks around once a second and waits a second longer before each further attempt, and it
ends, with everything that it keeps alive, when the disk of its logs is full.
"""

import sys
from contextlib import suppress
from typing import Any

from supervisor.loggers import Handler
from supervisor.medusa.asyncore_25 import ExitNow
from supervisor.options import ProcessConfig, ServerOptions
from supervisor.process import Subprocess
from supervisor.supervisord import Supervisor

_LOOK_EVERY_SECONDS = 0.2


class _SteadyProcess(Subprocess):  # type: ignore[misc]
    """Waits one second before another attempt, however many failed before."""

    @property
    def backoff(self) -> int:
        return 1

    @backoff.setter
    def backoff(self, attempts: int) -> None:
        """Attempts are not counted."""


class _SteadyConfig(ProcessConfig):  # type: ignore[misc]
    def make_process(self, group: Any = None) -> Subprocess:
        process = _SteadyProcess(self)
        process.group = group
        return process


class _Options(ServerOptions):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        wait = self.poller.poll
        self.poller.poll = lambda seconds: wait(min(seconds, _LOOK_EVERY_SECONDS))

    def processes_from_section(self, parser: Any, section: str, group_name: str, klass: Any = None) -> Any:
        return super().processes_from_section(parser, section, group_name, _SteadyConfig)


def _outlive_a_full_disk() -> None:
    """Let a line that finds no room in its log be lost, and so the complaint about it."""
    complain = Handler.handleError

    def complain_if_possible(handler: Handler) -> None:
        with suppress(OSError):
            complain(handler)

    Handler.handleError = complain_if_possible


def main() -> None:
    """Run until told to shut down."""
    _outlive_a_full_disk()
    options = _Options()
    options.realize(sys.argv[1:])
    options.first, options.test = True, False
    try:
        Supervisor(options).main()
    except ExitNow:
        pass
    finally:
        options.close_httpservers()
        options.close_logger()


if __name__ == "__main__":
    main()
