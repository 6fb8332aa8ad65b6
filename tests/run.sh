#!/usr/bin/env bash
# Sets up what the tests need, builds once, runs every test project. The last line says how many passed and failed.
# Needs the .NET 10 SDK and apt; installs the rest when it is missing.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
root=$PWD
results=$root/artifacts/tests
export CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DEBIAN_FRONTEND=noninteractive

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
pg_ctl() { ls /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | tail -n 1; }

install_missing() {
  local missing=()
  [ -n "$(pg_ctl)" ] || missing+=(postgresql)
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
  [ -d /usr/share/fonts/opentype/noto ] || missing+=(fonts-noto-cjk)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  command -v python3 >/dev/null || missing+=(python3)
  command -v ps >/dev/null || missing+=(procps)
  command -v curl >/dev/null || missing+=(curl)
  command -v ip >/dev/null || missing+=(iproute2)
  if [ ${#missing[@]} -gt 0 ]; then
    echo "== installing ${missing[*]}"
    as_root apt-get update -qq </dev/null
    as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
  fi
  # The storage tests start a throw-away server of their own with it; Debian keeps it off the PATH.
  [ -n "$(pg_ctl)" ] || { echo "PostgreSQL has no pg_ctl"; exit 1; }
}

# Adds up an attribute of the <Counters> of result files.
counted() {
  local name=$1 sum=0 value
  shift
  for value in $(sed -n "s/.*<Counters[^>]* $name=\"\([0-9]*\)\".*/\1/p" "$@"); do
    sum=$((sum + value))
  done
  echo "$sum"
}

install_missing
echo "== client in JavaScript"
(cd tests/node && npm ci --no-audit --no-fund --loglevel=error </dev/null)
echo "== build"
dotnet build Monitoring.sln -c Release -v quiet --nologo </dev/null

rm -rf "$results"
mkdir -p "$results"
passed=0
failed=0
for project in tests/*/*.csproj; do
  name=$(basename "$(dirname "$project")")
  echo "== $name"
  code=0
  dotnet test --project "$project" -c Release --no-build --no-ansi --no-progress \
    --report-trx --report-trx-filename "$name.trx" --results-directory "$results/$name" </dev/null || code=$?
  run=0
  bad=0
  if [ -f "$results/$name/$name.trx" ]; then
    run=$(counted passed "$results/$name/$name.trx")
    bad=$(counted failed "$results/$name/$name.trx")
  fi
  # A project that crashed, or ran nothing, has failed although no test of it says so.
  if [ "$bad" = 0 ] && { [ "$code" != 0 ] || [ "$run" = 0 ]; }; then
    echo "$name ended with code $code after $run tests"
    bad=1
  fi
  passed=$((passed + run))
  failed=$((failed + bad))
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
