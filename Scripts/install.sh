#!/usr/bin/env bash
# Installs what Gatehouse needs and does not have yet. Safe to run again; quick when nothing is missing.
#
#   Scripts/install.sh build   what `make run` needs: a compiler's libraries (default)
#   Scripts/install.sh test    that, and what `make test` needs: a browser, PostgreSQL, openssl, a Python environment in .venv
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

purpose=${1:-build}
case "$purpose" in
    build | test) ;;
    *)
        echo "usage: Scripts/install.sh [build|test]" >&2
        exit 64
        ;;
esac

build_packages=(
    ca-certificates git make
    g++ libc6-dev
    libcrypt-dev libsodium-dev libsqlite3-dev libpq-dev zlib1g-dev pkgconf
)
test_packages=(
    chromium fonts-dejavu-core
    postgresql-15 postgresql-client-15 strace
    openssl sqlite3 util-linux
    python3 python3-venv
)

say() { printf 'install: %s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        say "this needs root, and there is no sudo here. Run as root: $*"
        exit 1
    fi
}

missing_of() {
    local package
    for package in "$@"; do
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
            printf '%s\n' "$package"
        fi
    done
}

install_packages() {
    if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
        say "no Debian packages here; see to it that these, or what your system calls them, are installed: $*"
        return
    fi
    local missing
    mapfile -t missing < <(missing_of "$@")
    if [ "${#missing[@]}" -eq 0 ]; then
        return
    fi
    say "installing ${missing[*]}"
    local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Use-Pty=0)
    # A fresh machine has no package lists, an old one has stale ones: fetch them only when they are needed.
    if ! as_root "${quiet[@]}" install --no-install-recommends "${missing[@]}" >&2; then
        as_root "${quiet[@]}" update >&2
        as_root "${quiet[@]}" install --no-install-recommends "${missing[@]}" >&2
    fi
}

check_swift() {
    local version=""
    if command -v swift >/dev/null 2>&1; then
        version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    fi
    local major=${version%%.*} minor=${version#*.}
    if [ -n "$version" ] && { [ "$major" -gt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -ge 3 ]; }; }; then
        return
    fi
    if [ -n "$version" ]; then
        say "Swift $version is here, but Gatehouse needs Swift 6.3 or newer."
    else
        say "Swift is missing. Gatehouse needs Swift 6.3 or newer."
    fi
    cat >&2 <<'TEXT'
install: Get it from https://www.swift.org/install/linux/ in one of these ways, then run this again:
install:   - swiftly, the toolchain installer:  swiftly install 6.3
install:   - the archive for your system, unpacked to /opt/swift, with /opt/swift/usr/bin first in PATH
install:   - the container image swift:6.3-bookworm
TEXT
    exit 1
}

python_of_choice() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 \
            && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "Python 3.10 or newer with venv is missing (Debian: python3-venv)."
    return 1
}

install_python() {
    local requirements=Tests/Scenarios/requirements.txt stamp=.venv/requirements.installed
    if [ -x .venv/bin/python ] && cmp -s "$requirements" "$stamp" && .venv/bin/python -c '' 2>/dev/null; then
        return
    fi
    local python
    python=$(python_of_choice)
    say "making .venv from $requirements"
    rm -rf .venv
    "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    # Written last, so that an interrupted installation is made again.
    cp "$requirements" "$stamp"
}

case "$purpose" in
    build) install_packages "${build_packages[@]}" ;;
    test) install_packages "${build_packages[@]}" "${test_packages[@]}" ;;
esac
check_swift
if [ "$purpose" = test ]; then
    install_python
fi
