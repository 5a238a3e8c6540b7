#!/bin/sh
# Starts each image's command with the code and the lock of that image alone, against a stack that runs:
#   ispbills up --detach && sh tests/fresh/images.sh FOLDER
# No engine is needed; what an image would lack is missing here as well. Needs `uv` or patience with pip.
set -eu

folder=${1:?a folder for the environments}
root=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3.11}
mkdir -p "$folder"
"$root/.venv/bin/python" -c '
from devstack import environment
import os
environment.ensure_environment()
for name, value in os.environ.items():
    if any(part in name for part in ("KAFKA", "DATABASE", "_URL", "KEY", "SECRET", "BLOB", "ISPBILLS_", "TRUSTED")):
        print(f"export {name}=\x27{value}\x27")
' > "$folder/environment"

lock_of() { case $1 in invoicing) echo base ;; projector) echo gateway ;; *) echo "$1" ;; esac; }
code_of() { case $1 in gateway | projector) echo gateway ;; *) echo "services/$1" ;; esac; }

prepare() {
    image=$folder/$1
    rm -rf "$image/app"
    mkdir -p "$image/app/services"
    lock=$root/deploy/requirements/$(lock_of "$1").lock
    if command -v uv >/dev/null; then
        [ -x "$image/venv/bin/python" ] || uv venv -q -p "$python" "$image/venv"
        VIRTUAL_ENV=$image/venv uv pip sync -q --require-hashes "$lock"
    else
        [ -x "$image/venv/bin/python" ] || "$python" -m venv "$image/venv"
        "$image/venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    fi
    cp -r "$root/cli" "$root/devstack" "$root/shared" "$image/app/"
    cp "$root/services/__init__.py" "$image/app/services/"
    if [ "$1" = migrate ]; then cp -r "$root/services" "$root/gateway" "$image/app/"; else
        cp -r "$root/$(code_of "$1")" "$image/app/$(code_of "$1")"
    fi
}

port=${ISPBILLS_TRY_PORT:-35900}
failed=0
for name in migrate invoicing payments notifications documents gateway projector; do
    prepare "$name"
    if [ "$name" = migrate ]; then
        (cd "$folder/$name/app" && . "$folder/environment" && PYTHONPATH=. "$folder/$name/venv/bin/python" -m cli.main migrate) \
            && echo "$name: done" || { echo "$name: FAILED"; failed=1; }
        continue
    fi
    port=$((port + 1))
    (cd "$folder/$name/app" && . "$folder/environment" && PYTHONPATH=. exec "$folder/$name/venv/bin/python" \
        -m cli.main serve "$name" --port "$port") > "$folder/$name.log" 2>&1 &
    process=$!
    ready=no
    for _ in $(seq 60); do
        if "$python" -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/health/ready', timeout=2)" 2>/dev/null
        then ready=yes; break; fi
        kill -0 "$process" 2>/dev/null || break
        sleep 1
    done
    kill "$process" 2>/dev/null || :
    wait "$process" 2>/dev/null || :
    if [ "$ready" = yes ]; then echo "$name: ready"; else
        echo "$name: FAILED, see $folder/$name.log"
        failed=1
    fi
done
exit $failed
