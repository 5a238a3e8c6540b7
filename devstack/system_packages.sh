#!/bin/sh
# Installs the system packages that are missing, or says exactly which ones: sh devstack/system_packages.sh [test]
# Looks for the things themselves, so that it is quick and content with what came another way.
set -eu

needed=""
need() { needed="$needed $1"; }
have() { command -v "$1" >/dev/null 2>&1; }
has_library() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "$1"; }
may_install() { apt-cache show "$1" >/dev/null 2>&1; }

java_release() { java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p'; }
have java && [ "$(java_release)" -ge 17 ] || need java
kafka_version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' devstack/kafka/pom.xml)
[ -d "${XDG_CACHE_HOME:-$HOME/.cache}/ispbills/kafka-$kafka_version" ] || have mvn || need maven
has_library libpango-1.0.so.0 || need libpango-1.0-0
has_library libpangoft2-1.0.so.0 || need libpangoft2-1.0-0
# Without it WeasyPrint subsets fonts in Python: eight times slower.
has_library libharfbuzz-subset.so.0 || need libharfbuzz-subset0
[ -d /usr/share/fonts/truetype/noto ] || need fonts-noto-core

python=""
for candidate in python3.11 python3.12 python3.13 python3.14 python3; do
    if have "$candidate" && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || need python3
[ -x .venv/bin/python ] || [ -z "$python" ] || "$python" -c 'import ensurepip' 2>/dev/null || need python3-venv
if [ "${1:-}" = test ]; then
    have chromium || have chromium-browser || have google-chrome || need chromium
fi

[ -n "$needed" ] || exit 0
have apt-get || { echo "please install, however this system does it:$needed" >&2; exit 1; }

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif have sudo && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    shown=$(echo "$needed" | sed 's/ java\b/ openjdk-17-jre-headless/')
    echo "please run: sudo apt-get update && sudo apt-get install --no-install-recommends$shown" >&2
    exit 1
fi

echo "installing$needed" >&2
$as_root apt-get update -q
packages=""
for package in $needed; do
    case $package in
    java)
        # Newer releases of Debian no longer carry 17.
        package=default-jre-headless
        for candidate in openjdk-17-jre-headless openjdk-21-jre-headless openjdk-25-jre-headless; do
            if may_install $candidate; then package=$candidate; break; fi
        done
        ;;
    python3-venv)
        release=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        if may_install "$release-venv"; then package=$release-venv; fi
        ;;
    chromium | libharfbuzz-subset0)
        # Worth having, but not everywhere to be had: browser tests are skipped, fonts are subset slowly.
        may_install "$package" || { echo "$package is not offered here, going on without it" >&2; continue; }
        ;;
    esac
    packages="$packages $package"
done
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
