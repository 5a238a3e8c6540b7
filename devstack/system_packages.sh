#!/bin/sh
# Installs the system packages that are missing, or says exactly which ones: sh devstack/system_packages.sh [test]
# Looks for the things themselves, so that it is quick and content with what came another way.
set -eu

needed=""
need() { needed="$needed $1"; }
have() { command -v "$1" >/dev/null 2>&1; }
has_library() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "$1"; }
# `apt-cache show` answers for packages that others merely refer to; only a candidate can be installed.
may_install() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q '^ *Candidate: [^(]'; }
first_on_offer() {
    for offered in "$@"; do
        if may_install "$offered"; then break; fi
    done
    echo "$offered"
}

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
[ -n "$python" ] || need "python3 python3-venv"
[ -x .venv/bin/python ] || [ -z "$python" ] || "$python" -c 'import ensurepip' 2>/dev/null || need python3-venv
if [ "${1:-}" = test ]; then
    have chromium || have chromium-browser || have google-chrome || need chromium
    has_library libatomic.so.1 || need libatomic1  # the browser's driver stands on it
    have nginx || [ -x /usr/sbin/nginx ] || need nginx-light
fi

[ -n "$needed" ] || exit 0
have apt-get || { echo "please install, however this system does it:$needed" >&2; exit 1; }

# The packages that this release offers for what is missing.
packages_for() {
    for wanted in "$@"; do
        case $wanted in
        java)
            # No release carries them all; the last is what the release itself takes for Java.
            first_on_offer openjdk-17-jre-headless openjdk-21-jre-headless openjdk-25-jre-headless \
                default-jre-headless
            ;;
        python3-venv)
            release=$("${python:-python3}" -c 'import sys; print("python%d.%d" % sys.version_info[:2])' 2>/dev/null || :)
            first_on_offer "${release:-python3}-venv" python3-venv
            ;;
        chromium | libharfbuzz-subset0)
            # Worth having, but not everywhere to be had: browser tests are skipped, fonts are subset slowly.
            if may_install "$wanted"; then echo "$wanted"; else
                echo "$wanted is not offered here, going on without it" >&2
            fi
            ;;
        *) echo "$wanted" ;;
        esac
    done
}

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif have sudo && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    # shellcheck disable=SC2086 # a list of words
    shown=$(packages_for $needed | tr '\n' ' ')
    update="apt-get update" install="apt-get install --no-install-recommends $shown"
    if have sudo; then
        echo "please run: sudo $update && sudo $install" >&2
    else
        echo "ask whoever administers this machine to run as root: $update && $install" >&2
    fi
    exit 1
fi

echo "installing$needed" >&2
$as_root apt-get update -q
# shellcheck disable=SC2046,SC2086 # lists of words
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends $(packages_for $needed)
