#!/bin/sh
# The stories of docs/suggest-measured.md: for each a log is recorded under a rule set that fills it, exclusions are proposed from the log, and
# the old and the new rules are measured side by side with the canaries. Takes root, auditd's packages, and PostgreSQL for the second story.
#
#   sh scripts/suggest.sh OUT [ROUNDS]
set -eu

out=${1:?name a new directory for the runs and reports}
rounds=${2:-6}
prof=${AUDITPROF:-auditprof}
examples=$(cd "$(dirname "$0")/../examples/suggest" && pwd)
mkdir "$out"
cd "$out"

story() { # scenario, rules
  "$prof" bench --rules "site=$examples/$2" --scenario "$1" --rounds 1 --out "run-$1" -q >"bench-$1.txt"
  "$prof" suggest-exclusions --run "run-$1" --verify --rounds "$rounds" --write "rules-$1" -q >"$1.txt"
  echo "$1: $(grep -c '^P[0-9]' "$1.txt") lines on proposals, see $out/$1.txt"
}

story db-churn files.rules
if "$prof" scenarios pgbench >/dev/null 2>&1; then story pgbench files.rules; else echo "pgbench: left out, PostgreSQL is not installed"; fi
story connect-storm net.rules

# What is foretold against what is measured, on all workloads at once.
"$prof" bench --rules "site=$examples/everything.rules" --quick --rounds 1 --out run-all -q >bench-all.txt
"$prof" suggest-exclusions --run run-all --target 1 --verify --quick --rounds 1 -q >all.txt
