#!/bin/sh
# The README's first command, or another, on a fresh machine (root; needs debootstrap):
#   sh tests/fresh/run.sh SUITE FOLDER [make test]
# FOLDER becomes a bare Debian of that release with this checkout in it. It stays for a second look, and a
# second run goes on in it. Not part of `make test`: it takes minutes and a gigabyte.
set -eu

[ $# -ge 2 ] || { echo "usage: sh tests/fresh/run.sh SUITE FOLDER [COMMAND ...]" >&2; exit 2; }
suite=$1
mkdir -p "$2"
root=$(cd "$2" && pwd)
shift 2
checkout=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck disable=SC2046 # a command and its argument
[ $# -gt 0 ] || set -- $(sed -n 's/^\$ \(make [a-z]*\).*/\1/p' "$checkout/README.md" | head -n 1)

if [ ! -e "$root/etc/debian_version" ]; then
    # Where this machine has its own packages from.
    mirror=$(apt-get indextargets --format '$(SITE) $(REPO_URI)' | sed -n '/security/d; s/^[^ ]* //p' | head -n 1)
    debootstrap --variant=minbase "$suite" "$root" "$mirror"
fi

# The network as it is reached from here: names, trusted authorities, settings of package clients.
cp /etc/resolv.conf "$root/etc/resolv.conf"
mkdir -p "$root/usr/local/share/ca-certificates"
find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$root/usr/local/share/ca-certificates" \;
if [ -e /etc/pip.conf ]; then cp /etc/pip.conf "$root/etc/pip.conf"; fi

# What an earlier run has installed stays.
mkdir -p "$root/srv/ispbills"
find "$root/srv/ispbills" -mindepth 1 -maxdepth 1 ! -name .venv -exec rm -rf {} +
git -C "$checkout" archive HEAD | tar -x -C "$root/srv/ispbills"

# What a bare root lacks and every machine of a person has.
cat >"$root/srv/first.sh" <<'INSIDE'
set -eu
export DEBIAN_FRONTEND=noninteractive
mount -t proc proc /proc
mkdir -p /dev/pts /dev/shm && mount -t devpts devpts /dev/pts && mount -t tmpfs tmpfs /dev/shm
apt-get update -q
apt-get install -y -q --no-install-recommends make ca-certificates iproute2
update-ca-certificates
cd /srv/ispbills
started=$(date +%s)
"$@"
echo "$* took $(($(date +%s) - started)) s"
if [ "$*" = "make up" ]; then
    .venv/bin/ispbills status
    make down
    # Once more, and nobody can be reached.
    unshare --net sh -ec 'ip link set lo up; make up; .venv/bin/ispbills audit; make down'
fi
INSIDE

# Mounts and processes end with the namespaces, whatever happens inside.
exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ISPBILLS_PORT_BASE="${ISPBILLS_PORT_BASE:-}" \
    unshare --mount --pid --ipc --fork --kill-child chroot "$root" sh /srv/first.sh "$@"
