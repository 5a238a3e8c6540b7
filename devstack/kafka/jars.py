"""Kafka's jars: resolved once per user by Maven, kept in the cache."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from devstack.errors import StackError

_POM = Path(__file__).with_name("pom.xml")
_PACKAGES = "openjdk-17-jre-headless maven"


def version() -> str:
    """The Kafka release that the pom asks for."""
    release = ElementTree.parse(_POM).getroot().findtext("{http://maven.apache.org/POM/4.0.0}version")
    if release is None:
        raise StackError(f"{_POM} names no version")
    return release


def cached() -> Path:
    """The folder of Kafka's jars, downloaded first when this user has not got them yet (9 s, 43 MB)."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ispbills"
    jars = cache / f"kafka-{version()}"
    if jars.is_dir():
        return jars
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.is_dir():
            _resolve(cache, jars)
    return jars


def java() -> str:
    """The Java to run Kafka with."""
    home = os.environ.get("JAVA_HOME")
    path = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if path is None:
        raise StackError(f"Kafka needs Java 17; as root: apt-get install {_PACKAGES}")
    return path


def _resolve(cache: Path, jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise StackError(f"Kafka's jars are fetched by Maven; as root: apt-get install {_PACKAGES}")
    for leftover in cache.glob("kafka-partial-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    # Renamed only when complete: an interrupted download is never taken for Kafka.
    partial = Path(tempfile.mkdtemp(prefix="kafka-partial-", dir=cache))
    print(f"fetching Apache Kafka {version()} (43 MB, once)", file=sys.stderr, flush=True)
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    done = subprocess.run(
        [maven, "-B", "-q", "-f", str(_POM), goal, f"-DoutputDirectory={partial}", "-DincludeScope=runtime"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise StackError(f"Maven could not fetch Kafka:\n{done.stdout[-2000:]}")
    partial.rename(jars)
