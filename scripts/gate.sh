#!/bin/sh
# What `make gate` does: auditprof's own gate over the recorded log of examples/gate and over a quick live run. The good rules have to pass, the noisy pull
# request has to be stopped. Other rules for the first and the last: GATE_RULES and GATE_LIVE_RULES; another lock: GATE_LOCK. Where this machine cannot measure, the live run is
# left out with its reason; under AUDITPROF_REQUIRE_LIVE=1 that fails.
set -eu

example=examples/gate
: "${AUDITPROF:=bin/auditprof}" "${GATE_RULES:=$example/mended/rules.d}" "${GATE_LIVE_RULES:=$example/main/rules.d,$example/live/mounts.rules}"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM HUP

say() { printf '\n== %s\n' "$*"; }

# logged RULES: the gate over the recorded log.
logged() {
  "$AUDITPROF" gate --budget "$example/budget.yaml" --base-rules "$example/main/rules.d" --rules "$1" --log "$example/recorded.log.gz" \
    --log-rules "$example/recording.rules" --quiet
}

# no_live REASON: the live run cannot be.
no_live() {
  if [ -n "${AUDITPROF_REQUIRE_LIVE:-}" ]; then
    echo "auditprof: AUDITPROF_REQUIRE_LIVE is set, and there is no live run: $1" >&2
    exit 4
  fi
  echo "skipped: $1"
  exit 0
}

say "the recorded log under $GATE_RULES: has to pass"
logged "$GATE_RULES"

say "the recorded log under the noisy pull request: has to be stopped"
got=0
logged "$example/pull-request/rules.d" || got=$?
if [ "$got" -ne 1 ]; then
  echo "auditprof: the noisy pull request ends with exit code $got, it has to be stopped with 1" >&2
  exit 1
fi

say "a quick live run of $GATE_LIVE_RULES: has to pass"
[ "$(id -u)" -eq 0 ] || no_live "a live run loads rules: run make gate as root"

# The tests that load rules hold this lock too.
live() {
  "$AUDITPROF" bench --rules "base=$example/live/room.rules,$example/main/rules.d" --rules "new=$example/live/room.rules,$GATE_LIVE_RULES" \
    --scenario db-churn --quick --rounds 1 --canaries --quiet --out "$out/run" >"$out/run.txt"
}
got=0
if command -v flock >/dev/null 2>&1; then
  ( flock 9 && live ) 9>"${GATE_LOCK:-/run/lock/auditprof-live.lock}" || got=$?
else
  live || got=$?
fi
[ "$got" -ne 4 ] || no_live "bench says above what this machine lacks"
[ "$got" -eq 0 ] || exit "$got"
"$AUDITPROF" gate --budget "$example/live/budget.yaml" "$out/run" --arm new --base-arm base
