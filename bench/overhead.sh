#!/usr/bin/env bash
# Gateway overhead side by side: direct, a bare YARP proxy, Bellwether with everything on. Needs two cores and a quiet machine.
#   bench/overhead.sh [--rounds 5] [--seconds 8] [--quick]
#   bench/overhead.sh --rounds 0 [--warm-up 60000] [--memory-calls 200000]    only the memory, of a process that did nothing else
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
dotnet publish src/Bellwether.Server -c Release -v q -o "$out/server" >/dev/null
dotnet publish bench/Bellwether.Overhead -c Release -v q -o "$out/overhead" >/dev/null
taskset -c 1 dotnet "$out/overhead/Bellwether.Overhead.dll" --server "$out/server/bellwether-server.dll" "$@"
