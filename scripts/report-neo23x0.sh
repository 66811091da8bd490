#!/bin/sh
# The report of docs/neo23x0.md and its pictures: the Neo23x0 set on six workloads. Root, about four minutes of a quiet machine.
#
#   sh scripts/report-neo23x0.sh OUT NEO23X0
#
# NEO23X0 is the audit.rules of github.com/Neo23x0/auditd. The run is kept in OUT/run: whole, it is not measured again. OUT/docs is what goes to
# docs/neo23x0. ROUNDS (8) may be set in the environment; AUDITPROF names the program.
set -eu

out=${1:?name a directory for the run}
neo=${2:?name the rule file of Neo23x0/auditd}
prof=${AUDITPROF:-auditprof}
[ -r "$neo" ] || { echo "report-neo23x0.sh: $neo is missing" >&2; exit 4; }
command -v "$prof" >/dev/null || { echo "report-neo23x0.sh: $prof is no program: make build, then AUDITPROF=bin/auditprof" >&2; exit 4; }
mkdir -p "$out/docs"

if ! grep -q '^ "ended": "complete"' "$out/run/result.json" 2>/dev/null; then
	rm -rf "$out/run"
	cp "$neo" "$out/neo23x0.rules" # its name stands in the report
	flock /run/lock/auditprof-live.lock "$prof" bench --quick --rounds "${ROUNDS:-8}" --rule-prices --keep-going --no-logs --quiet --out "$out/run" \
		--scenario null-syscall,open-close,file-churn,db-churn,connect-storm,exec-storm@400 --rules "neo23x0=$out/neo23x0.rules" >"$out/run.txt"
fi
"$prof" report --format html --output "$out/docs/report.html" "$out/run"
"$prof" plot --redact --output "$out/docs/" "$out/run"
ls -l "$out/docs" >&2
