#!/bin/sh
# What the prices of rules are worth, in Markdown tables for docs/method.md: their sum against the measured filter tax, and the dearest ten of each
# set against leaving them out; and the sum on each kind of connect, with all processors and with one. Root, about ten minutes of a quiet machine with
# two processors, four of them for leaving rules out.
#
#   sh scripts/method-prices.sh OUT NEO23X0 RULESDIR
#
# NEO23X0 is the audit.rules of github.com/Neo23x0/auditd, RULESDIR the folder rules of audit-userspace (10-base-config, 30-stig, 30-ospp-v42-*). The
# run is kept in OUT: one that was cut off is measured anew. ROUNDS may be set (8; below 6 there is no interval), AUDITPROF names the program.
set -eu

out=${1:?name a directory for the run}
neo=${2:?name the rule file of Neo23x0/auditd}
dir=${3:?name the folder rules of audit-userspace}
prof=${AUDITPROF:-auditprof}
rounds=${ROUNDS:-8}
lock=/run/lock/auditprof-live.lock
base=$dir/10-base-config.rules
for f in "$neo" "$base" "$dir/30-stig.rules"; do
	[ -r "$f" ] || { echo "method-prices.sh: $f is missing" >&2; exit 4; }
done
ospp=$base
for f in "$dir"/30-ospp-v42-*.rules; do
	[ -r "$f" ] || { echo "method-prices.sh: $f is missing" >&2; exit 4; }
	ospp=$ospp,$f
done
command -v "$prof" >/dev/null || { echo "method-prices.sh: $prof is no program: make build, then AUDITPROF=bin/auditprof" >&2; exit 4; }
mkdir -p "$out"
CGO_ENABLED=0 ${GO:-go} build -trimpath -o "$out/tax" ./internal/tax

if ! grep -q '^ "ended": "complete"' "$out/prices/result.json" 2>/dev/null; then
	rm -rf "${out:?}/prices"
	code=0
	flock "$lock" "$prof" bench --quick --rounds "$rounds" --rule-prices --ablate --keep-going --no-logs --quiet --out "$out/prices" \
		--scenario null-syscall,open-close,file-churn --rules "neo23x0=$neo" --rules "stig=$base,$dir/30-stig.rules" --rules "ospp=$ospp" \
		>"$out/prices.txt" || code=$?
	case $code in 6 | 130) exit "$code" ;; esac # not restored, interrupted
	# 5: the same set twice differed, and the interval says how much; or the run is not whole, which the table says
	[ "$code" = 0 ] || echo "method-prices.sh: bench ended with $code: see $out/prices.txt" >&2
fi

kinds="tcp-refused tcp-accepted unix-missing unix-accepted"
# connects RUN [PREFIX...]: the Neo23x0 set on each kind of connect. A peer that accepts runs on another processor where there is one.
connects() {
	run=$1
	shift
	if grep -q '^ "ended": "complete"' "$out/$run/result.json" 2>/dev/null; then
		return
	fi
	rm -rf "${out:?}/$run"
	for kind in $kinds; do
		printf 'name: %s\nimitates: one kind of connect\nop: connect\npilot_ops: 1000\nmax_ops: 5000000\nmix:\n  %s: 1\n' "$kind" "$kind" >"$out/$kind.yaml"
	done
	code=0
	flock "$lock" "$@" "$prof" bench --quick --rounds "$rounds" --rule-prices --keep-going --no-logs --quiet --out "$out/$run" --scenario connect-storm \
		--scenario "$out/tcp-refused.yaml" --scenario "$out/tcp-accepted.yaml" --scenario "$out/unix-missing.yaml" --scenario "$out/unix-accepted.yaml" \
		--rules "neo23x0=$neo" >"$out/$run.txt" || code=$?
	case $code in 6 | 130) exit "$code" ;; esac
	[ "$code" = 0 ] || echo "method-prices.sh: bench ended with $code: see $out/$run.txt" >&2
}
connects connects
connects connects-one taskset -c 0

cat <<END
\`sh scripts/method-prices.sh OUT NEO23X0 RULESDIR\`: the sum of the prices of all rules beside the filter tax of the mute copy over audit without rules,
CPU of all processes, Hodges-Lehmann over the rounds; and the ten dearest rules of each set left out one by one. Two rules are apart where their foretold
or their measured prices differ by more than the larger of 5 ns and 20 %.

END
"$out/tax" prices "$out/prices" || echo "Not measured."
echo
echo "Connects, all processors:"
echo
"$out/tax" prices "$out/connects" || echo "Not measured."
echo
echo "Connects, client and peer on one processor:"
echo
"$out/tax" prices "$out/connects-one" || echo "Not measured."
