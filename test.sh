#!/usr/bin/env bash
# Installs what the tests need and is missing, builds, and runs every test. The last line is "N passed, N failed".
#   ./test.sh          everything
#   ./test.sh fast     what needs no browser, no npm client and no server process
set -uo pipefail
cd "$(dirname "$0")"
mode=${1:-all}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1

projects=(Bellwether.ArchitectureTests Bellwether.Tests Bellwether.Storage.Tests)
if [ "$mode" = all ]; then
  bash eng/install-test-deps.sh || { echo "The test dependencies could not be installed." >&2; echo "0 passed, 1 failed"; exit 1; }
  projects+=(Bellwether.Server.Tests Bellwether.Dashboard.Tests)
elif [ "$mode" != fast ]; then
  echo "usage: ./test.sh [fast]" >&2
  exit 2
fi

passed=0
failed=0
failures=$(mktemp)
build() {
  if ! dotnet build "$@" -c Release -v q --nologo; then
    echo "The build failed: $*" >&2
    failed=$((failed + 1))
  fi
}
if [ "$mode" = all ]; then
  build Bellwether.slnx
else
  for project in "${projects[@]}"; do build "tests/$project"; done
fi

if [ "$failed" -eq 0 ]; then
  for project in "${projects[@]}"; do
    echo "== $project"
    output=$(mktemp)
    "tests/$project/bin/Release/net10.0/$project" --no-ansi 2>&1 | tee "$output"
    status=${PIPESTATUS[0]}
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
  done
fi

cat "$failures"
grep '^failed ' "$failures" | cut -c1-200
rm -f "$failures"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
