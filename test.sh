#!/usr/bin/env bash
# Installs what the tests need and is missing, builds, and runs every test. The last line is "N passed, N failed".
#   ./test.sh          everything
#   ./test.sh fast     what needs no browser, no npm client and no server process
set -uo pipefail
cd "$(dirname "$0")"
mode=${1:-all}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1

# Those of the first line run side by side: none of them keeps two cores busy by itself, and none measures time. The others have browsers and
# server processes, and the machine to themselves.
together=(Bellwether.ArchitectureTests Bellwether.Tests Bellwether.Storage.Tests)
alone=()
if [ "$mode" = all ]; then
  # Mostly waits for the network, and the build needs none of it.
  bash eng/install-test-deps.sh &
  deps=$!
  alone=(Bellwether.Server.Tests Bellwether.Dashboard.Tests)
elif [ "$mode" != fast ]; then
  echo "usage: ./test.sh [fast]" >&2
  exit 2
fi

passed=0
failed=0
failures=$(mktemp)
# One build for all projects, so that they are built side by side.
solution=Bellwether.slnx
if [ "$mode" = fast ]; then solution=eng/fast.slnf; fi
if ! dotnet build "$solution" -c Release -v q --nologo; then
  echo "The build failed: $solution" >&2
  failed=1
fi

if [ "$mode" = all ] && ! wait "$deps"; then
  echo "The test dependencies could not be installed." >&2
  failed=$((failed + 1))
fi

# The tests' stores and databases live in memory where there is room for them. Otherwise most of what the tests wait for is the
# disk, and no test pulls its plug: kills leave what a file system in memory keeps, too. Not for the build, whose servers live on.
if [ -d /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 4194304 ]; then
  scratch=$(mktemp -d /dev/shm/bellwether-tests.XXXXXX)
  chmod 755 "$scratch"
  trap 'rm -rf "$scratch"' EXIT
  export TMPDIR=$scratch
fi

run() {
  "tests/$1/bin/Release/net10.0/$1" --no-ansi 2>&1
}

# Counts what a runner said in a file, given its exit status.
count() {
  local output=$1 status=$2 ok bad skipped
  # The runner's closing block: "  total: 9", "  failed: 0", "  succeeded: 9", "  skipped: 0".
  ok=$(awk '$1 == "succeeded:" { n = $2 } END { print n + 0 }' "$output")
  bad=$(awk '$1 == "failed:" { n = $2 } END { print n + 0 }' "$output")
  skipped=$(awk '$1 == "skipped:" { n = $2 } END { print n + 0 }' "$output")
  # A failure is told where it happens, amid what thousands of tests print; its name and first lines are told again at the end. A page that
  # is not as expected is printed whole by the browser's driver: hundreds of lines that would bury the other failures.
  awk '/^failed / { on = 1; n = 0 } /^(passed|skipped|running\.\.\.|Test run summary)/ || /^[a-z]+: [A-Z]/ || /^\{"EventId"/ { on = 0 }
    on && ++n <= 12 { print substr($0, 1, 240) } on && n > 12 && /^ +at .*Tests\./ && ++n <= 24 { print substr($0, 1, 240) }' "$output" >>"$failures"
  rm -f "$output"
  # A skipped test, and a runner that ended without saying why, count as failures.
  bad=$((bad + skipped))
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  if [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

if [ "$failed" -eq 0 ]; then
  outputs=()
  pids=()
  for project in "${together[@]}"; do
    output=$(mktemp)
    outputs+=("$output")
    run "$project" >"$output" &
    pids+=($!)
  done
  for i in "${!together[@]}"; do
    wait "${pids[$i]}"
    status=$?
    echo "== ${together[$i]}"
    cat "${outputs[$i]}"
    count "${outputs[$i]}" "$status"
  done
  # Their servers live for seconds: what the compiler invests for hours of load, counting calls from the first and instrumenting what is hot, is more
  # than half of the CPU of such a test (hexadecimal: 100 ms, .NET's own default).
  export DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=64
  for project in "${alone[@]}"; do
    echo "== $project"
    output=$(mktemp)
    run "$project" | tee "$output"
    count "$output" "${PIPESTATUS[0]}"
  done
fi

cat "$failures"
grep '^failed ' "$failures" | cut -c1-200
rm -f "$failures"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
