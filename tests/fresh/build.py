"""Builds file systems of images from deploy/Dockerfile without an engine, and starts each image's command.

`python -m tests.fresh.build BASE FOLDER`, as root, beside a stack that runs (`ispbills up --detach`). BASE is
a bare root of the Dockerfile's base: `debootstrap --variant=minbase --include=python3,python3-venv,\
ca-certificates bookworm BASE MIRROR`. Steps run in a chroot; a command runs as its image says: its user, its
root read-only, `/tmp`, the blobs and the backups alone to write to. Exit 0: migrate ended well, backed every
schema up and brought each back, and every other image became ready and wrote no error down.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy/Dockerfile"
READY_SECONDS = 120
# A process says how it fares within so many; what it lacks for its workers is in its log by then.
WORK_SECONDS = 15
STEP_SECONDS = 3_600
BACKUP_SECONDS = 600
PORT = 35_900
# What differs between installations, as the stack beside it was told.
TOLD = re.compile(r"KAFKA|DATABASE|_URL$|KEY$|SECRET$|^ISPBILLS_ENV|TRUSTED")
# What a container may write to beside /tmp.
WRITABLE = ("var/lib/ispbills/blobs", "backups")
# PostgreSQL's own image, as far as ours copy from it: built on the same Debian from the source that a later
# Debian has of that release, and laid where PostgreSQL's packages lay it.
POSTGRES = """
cd /etc/apt
sed -n 's/^deb \\(\\S*\\) .*/deb-src \\1 forky main/p' sources.list > sources.list.d/source.list
apt-get update -o Acquire::Check-Valid-Until=false
apt-get install -y --no-install-recommends dpkg-dev gcc make bison flex perl pkg-config \
    libssl-dev libkrb5-dev libldap-dev liblz4-dev libzstd-dev zlib1g-dev
cd /tmp
apt-get source postgresql-18
cd postgresql-18-*/
./configure --prefix=/usr --bindir=/usr/lib/postgresql/18/bin --without-readline --without-icu \
    --libdir=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH) \
    --with-openssl --with-gssapi --with-ldap --with-lz4 --with-zstd
make -C src/interfaces/libpq install
make -C src/bin/pg_dump install
"""
INSTRUCTION = re.compile(r"^(FROM|ENV|WORKDIR|RUN|COPY|USER|ENTRYPOINT|CMD)\s+((?:.*\\\n)*.*)$", re.MULTILINE)


@dataclass
class Image:
    """A file system, and what a container of it is started with."""

    place: Path
    environment: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    )
    folder: str = "/"
    user: str = "0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)


class Builder:
    """Builds each stage once, on a copy of the one that it stands on."""

    def __init__(self, base: Path, folder: Path) -> None:
        self.base, self.folder = base, folder
        self.built: dict[str, Image] = {}
        parts = re.split(r"^(?=FROM )", DOCKERFILE.read_text(), flags=re.MULTILINE)
        self.stages = {part.split("\n")[0].split()[-1]: part for part in parts if part.startswith("FROM ")}

    def build(self, stage: str) -> Image:
        """Return the image of a stage."""
        if stage not in self.built:
            steps = INSTRUCTION.findall(self.stages[stage])
            under = steps[0][1].split(" AS ")[0]
            below = self.build(under) if under in self.stages else Image(self.base)
            image = Image(
                self.folder / stage,
                dict(below.environment),
                below.folder,
                below.user,
                below.entrypoint,
                below.command,
            )
            if image.place.exists():
                shutil.rmtree(image.place)
            copy = ["cp", "-a", "--reflink=auto", str(below.place), str(image.place)]
            subprocess.run(copy, check=True)
            if under.startswith("postgres:"):
                self.step(image, "RUN", POSTGRES)
            for name, rest in steps[1:]:
                self.step(image, name, rest.replace("\\\n", " "))
            self.built[stage] = image
            print(f"built {stage}", flush=True)
        return self.built[stage]

    def step(self, image: Image, name: str, rest: str) -> None:
        """Carry out one instruction."""
        if name == "ENV":
            for pair in shlex.split(rest):
                variable, value = pair.split("=", 1)
                image.environment[variable] = value.replace("$PATH", image.environment["PATH"])
        elif name == "WORKDIR":
            image.folder = rest.strip()
            (image.place / image.folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif name == "USER":
            image.user = rest.strip()
        elif name in ("ENTRYPOINT", "CMD"):
            words = json.loads(rest)
            image.entrypoint, image.command = (
                (words, []) if name == "ENTRYPOINT" else (image.entrypoint, words)
            )
        elif name == "COPY":
            self.copy(image, rest.split())
        elif name == "RUN":
            command = ["chroot", str(image.place), "/bin/sh", "-ec", f"cd {image.folder}; {rest}"]
            known = image.environment | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command, check=True, env=known, timeout=STEP_SECONDS, stdout=subprocess.DEVNULL)

    def copy(self, image: Image, words: list[str]) -> None:
        """Copy from the checkout, or from another stage."""
        source_root = ROOT
        if words[0].startswith("--from="):
            source_root = self.build(words.pop(0).removeprefix("--from=")).place
        *patterns, named = words
        target = image.place / (named if named.startswith("/") else f"{image.folder}/{named}").lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        for pattern in patterns:
            sources = list(source_root.glob(pattern.lstrip("/")))
            assert sources, f"{pattern} is not there"
            for source in sources:
                if source.is_dir():
                    ignored = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, ignore=ignored)
                else:
                    shutil.copy2(source, target)


def prepare(base: Path) -> None:
    """Give a bare root what the official image has, and the network as it is reached from here."""
    shutil.copy("/etc/resolv.conf", base / "etc/resolv.conf")
    if Path("/etc/pip.conf").exists():
        shutil.copy("/etc/pip.conf", base / "etc/pip.conf")
    authorities = base / "usr/local/share/ca-certificates"
    authorities.mkdir(parents=True, exist_ok=True)
    for certificate in Path("/usr/local/share/ca-certificates").rglob("*.crt"):
        shutil.copy(certificate, authorities)
    subprocess.run(["chroot", str(base), "update-ca-certificates"], check=True, stdout=subprocess.DEVNULL)
    python = base / "usr/local/bin/python"
    if not python.is_symlink():
        python.symlink_to("/usr/bin/python3")


def start(image: Image, *, told: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a container's command as an engine would: read-only root, its user, no capability."""
    words = shlex.join([*image.entrypoint, *image.command])
    place = shlex.quote(str(image.place))
    script = "\n".join(
        [
            "set -e",
            f"mount --bind {place} {place}",
            *(
                f"mount --bind {place}/{folder} {place}/{folder}"
                for folder in WRITABLE
                if (image.place / folder).exists()
            ),
            f"mount -t tmpfs -o mode=1777 tmpfs {place}/tmp",
            f"mount -t proc proc {place}/proc",
            f"mount --rbind /dev {place}/dev",
            f"mount -o remount,bind,ro {place}",
            f"exec chroot --userspec={image.user}:{image.user} {place} /usr/bin/setpriv --no-new-privs"
            f" /bin/sh -c {shlex.quote(f'cd {image.folder}; exec {words}')}",
        ]
    )
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script]
    with log.open("wb") as file:
        return subprocess.Popen(namespaces, env=image.environment | told, stdout=file, stderr=file)


def told_by_the_stack() -> dict[str, str]:
    """What the running stack says to its own processes, except where they listen and write."""
    sys.path.insert(0, str(ROOT))
    from devstack import environment

    environment.ensure_environment()
    return {name: value for name, value in os.environ.items() if TOLD.search(name)}


def becomes_ready(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=3) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    return False


def try_image(builder: Builder, name: str, told: dict[str, str], port: int) -> bool:
    """Build one and start it; whether it did what it is for."""
    image = builder.build(name)
    log = builder.folder / f"{name}.log"
    if name == "migrate":
        migrated = start(image, told=told, log=log).wait(timeout=READY_SECONDS) == 0
        return migrated and try_backups(image, told, log)
    # Its own port is one that the stack beside it has: the only thing that is told otherwise.
    image.environment |= {f"{name.upper()}_HTTP_PORT": str(port), f"{name.upper()}_HTTP_HOST": "127.0.0.1"}
    process = start(image, told=told, log=log)
    try:
        if not becomes_ready(process, port):
            return False
        time.sleep(WORK_SECONDS)
        return '"level": "error"' not in log.read_text()
    finally:
        # Whoever changes its user loses the order to die with its parent; with the first all of them end.
        for child in psutil.Process(process.pid).children():
            child.kill()
        process.wait(timeout=60)


def try_command(image: Image, told: dict[str, str], log: Path, *words: str) -> bool:
    """Run another command in a container; whether it ended well."""
    other = replace(image, command=list(words))
    log = log.with_stem(f"{log.stem}-{'-'.join(words[:1])}")
    return start(other, told=told, log=log).wait(timeout=BACKUP_SECONDS) == 0


def try_backups(image: Image, told: dict[str, str], log: Path) -> bool:
    """Back every schema up and bring each back while its processes stand still; whether all went well."""
    if not try_command(image, told, log, "backup", "--to", "/backups", "--keep-days", "14"):
        return False
    files = sorted((image.place / "backups").glob("*.dump"))
    well = bool(files)
    for file in files:
        service = file.name.partition("-")[0]
        processes = ["gateway", "projector"] if service == "gateway" else [service]
        for process in processes:
            of_the_stack("stop", process)
        well = try_command(image, told, log.with_stem(service), "restore", f"/backups/{file.name}") and well
        for process in processes:
            of_the_stack("start", process)
    return well


def of_the_stack(*words: str) -> None:
    """Run a command of the stack beside."""
    subprocess.run(
        [sys.executable, "-m", "cli.main", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )


def main() -> None:
    """Try every image; name those that fail."""
    base, folder = (Path(argument).resolve() for argument in sys.argv[1:3])
    folder.mkdir(parents=True, exist_ok=True)
    prepare(base)
    builder, told, failed = Builder(base, folder), told_by_the_stack(), 0
    names = ["migrate", "invoicing", "payments", "notifications", "documents", "gateway", "projector"]
    for number, name in enumerate(names):
        well = try_image(builder, name, told, PORT + number)
        failed += not well
        print(f"{name}: {'well' if well else f'FAILED, see {folder}/{name}.log'}", flush=True)
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
