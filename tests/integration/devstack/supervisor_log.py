"""What the supervisor noted, and when: exact also on a machine that is too busy to answer at once."""

import re
from datetime import datetime
from pathlib import Path

_LINE = re.compile(r"(?P<at>\S+ \S+) \w+ (?P<what>exited|spawned): '?(?P<name>\w+)'?")


def restarts_seconds(directory: Path, name: str) -> list[float]:
    """For each time that the process died: how long it took until it was started again."""
    died: datetime | None = None
    taken = []
    for line in (directory / "logs" / "supervisord.log").read_text().splitlines():
        found = _LINE.match(line)
        if found is None or found["name"] != name:
            continue
        at = datetime.strptime(found["at"], "%Y-%m-%d %H:%M:%S,%f")
        if found["what"] == "exited":
            died = at
        elif died is not None:
            taken.append((at - died).total_seconds())
            died = None
    return taken
