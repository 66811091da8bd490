#!/bin/sh
# The report of docs/neo23x0.md and its pictures: the Neo23x0 set on four workloads. Root, about four minutes of a quiet machine.
#
#   sh scripts/report-neo23x0.sh OUT NEO23X0
#
# NEO23X0 is the audit.rules of github.com/Neo23x0/auditd. The run is kept in OUT/run: whole, it is not measured again. OUT/docs is what goes to
# docs/neo23x0. ROUNDS (12) may be set in the environment; AUDITPROF names the program.
set -eu

out=${1:?name a directory for the run}
neo=${2:?name the rule file of Neo23x0/auditd}
prof=$(command -v "${AUDITPROF:-auditprof}") || { echo "report-neo23x0.sh: no program auditprof: make build, then AUDITPROF=bin/auditprof" >&2; exit 4; }
prof=$(cd "$(dirname "$prof")" && pwd)/$(basename "$prof")
[ -r "$neo" ] || { echo "report-neo23x0.sh: $neo is missing" >&2; exit 4; }
mkdir -p "$out/docs"
cp "$neo" "$out/neo23x0.rules"
cd "$out" # the run keeps names of rule files as they were typed, and the report is for everybody

if ! grep -q '^ "ended": "complete"' run/result.json 2>/dev/null; then
	rm -rf run
	flock /run/lock/auditprof-live.lock "$prof" bench --quick --rounds "${ROUNDS:-12}" --rule-prices --keep-going --no-logs --quiet --out run \
		--scenario null-syscall,file-churn,db-churn,connect-storm --rules neo23x0=neo23x0.rules >run.txt ||
		[ $? = 5 ] # the same set twice differed: the report says so
fi
"$prof" report --format html --output docs/report.html run
"$prof" plot --redact --output docs/ run
ls -l docs >&2
