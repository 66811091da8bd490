#!/bin/sh
# The table of docs/method.md that holds the rule of thumb "10 to 15 % more CPU with a security-centric configuration" against every scenario:
# CPU per operation, all processes together, under four public rule sets as a ratio to no audit, with its interval. Takes root and about
# twenty minutes of a quiet machine.
#
#   sh scripts/method-sets.sh OUT RULES NEO23X0
#
# RULES is the directory of rules that audit 3.0.9 ships (Debian: /usr/share/doc/auditd/examples/rules), NEO23X0 the audit.rules of
# github.com/Neo23x0/auditd. Each scenario is a run of its own, kept in OUT: one that was cut off is measured anew, those before it are not. ROUNDS (6,
# the fewest that have an interval) and SCENARIOS (a space between them) may be set in the environment; AUDITPROF names the program.
set -eu

out=${1:?name a directory for the runs}
rules=${2:?name the directory with the rules that audit ships}
neo=${3:?name the rule file of Neo23x0/auditd}
prof=${AUDITPROF:-auditprof}
rounds=${ROUNDS:-6}
lock=${LOCK:-/run/lock/auditprof-live.lock}
base=$rules/10-base-config.rules
for file in "$base" "$rules/30-stig.rules" "$rules/30-pci-dss-v31.rules" "$neo"; do
	[ -r "$file" ] || { echo "method-sets.sh: $file is missing" >&2; exit 4; }
done
command -v "$prof" >/dev/null || { echo "method-sets.sh: $prof is no program: make build, then AUDITPROF=bin/auditprof" >&2; exit 4; }
ospp=$base,$(ls "$rules"/30-ospp-v42-*.rules | paste -sd, -)
# all of them that need nothing installed
all="db-churn connect-storm exec-storm exec-storm-login file-churn file-churn-login null-syscall idle rdwr stat-storm open-close perm-churn
	failed-access tree-walk interp-start compile package-install auth-noise accept-http super-producer mixed"
mkdir -p "$out"
CGO_ENABLED=0 ${GO:-go} build -trimpath -o "$out/tax" ./internal/tax

set --
for scenario in ${SCENARIOS:-$all}; do
	run=$out/$(printf %s "$scenario" | tr / _)
	set -- "$@" "$run"
	! grep -q '^ "ended": "complete"' "$run/result.json" 2>/dev/null || continue
	rm -rf "$run"
	echo "method-sets.sh: $scenario" >&2
	code=0
	flock "$lock" "$prof" bench --quick --rounds "$rounds" --scenario "$scenario" --keep-going --no-logs --quiet --out "$run" \
		--rules "stig=$base,$rules/30-stig.rules" --rules "pci=$base,$rules/30-pci-dss-v31.rules" --rules "ospp=$ospp" --rules "neo23x0=$neo" >"$run.txt" || code=$?
	case $code in 6 | 130) exit "$code" ;; esac # not restored, interrupted
	# 5: A/A differs, which the table says, or the run is not whole, which it says too
	[ "$code" = 0 ] || echo "method-sets.sh: $scenario ended with $code: see $run.txt" >&2
done

cat <<END
\`sh scripts/method-sets.sh OUT RULES NEO23X0\`: CPU per operation of all processes together as a ratio to no audit. *holds*: the whole interval lies
within 1.10 and 1.15; *less*, *more*: it lies wholly below or above. A/A is stig beside itself. Each interval is at 95 % for itself.

END
"$out/tax" sets stig,pci,ospp,neo23x0 "$@"
