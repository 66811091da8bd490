#!/bin/sh
# How far bench can be believed on this machine, as Markdown tables for docs/method.md. Root, on a machine that nobody else uses meanwhile:
#   scripts/trust.sh aa       15 runs with 300 comparisons of the same rules with themselves by CPU, and as many by wall time, a third of the runs
#                             beside a busy neighbour process: about 22 minutes on two CPUs
#   scripts/trust.sh planted  20 runs with 2 % CPU and 5 % wall time planted, after one that plans the rounds: about 10 to 30 minutes,
#                             as the noise asks for rounds (12 to 40)
#   scripts/trust.sh table    what was measured so far
# Results are kept in OUT (default runs/trust): what was cut off goes on where it was, RUNS=N makes it shorter. Each run takes the lock of the
# live tests for itself.
set -eu

case "${1:-}" in
aa | planted | table) ;;
*)
	sed -n '2,10s/^# \{0,1\}//p' "$0"
	exit 2
	;;
esac
out=${OUT:-runs/trust}
lock=/run/lock/auditprof-live.lock
mkdir -p "$out"
neighbour=
quiet() { [ -z "$neighbour" ] || { kill "$neighbour" 2>/dev/null || true; wait "$neighbour" 2>/dev/null || true; neighbour=; }; }
trap quiet EXIT
trap 'exit 130' INT TERM HUP
CGO_ENABLED=0 ${GO:-go} build -trimpath -o "$out/trust" ./internal/trust

one() { # kind, number, flags
	kind=$1 n=$2
	shift 2
	file=$(printf '%s/%s-%03d.json' "$out" "$kind" "$n")
	[ "$n" -gt 0 ] || file="$out/plan-000.json"
	[ ! -e "$file" ] || return 0
	echo "trust: $kind $n" >&2
	code=0
	flock "$lock" "$out/trust" "$kind" -out "$out" -n "$n" "$@" || code=$?
	case $code in 6 | 130) exit "$code" ;; esac # not restored, interrupted
	[ "$code" = 0 ] || echo "trust: $kind $n is left out: run it again" >&2
}

case "${1:-}" in
aa)
	n=1
	while [ "$n" -le "${RUNS:-15}" ]; do
		if [ $((n % 3)) -eq 0 ]; then
			sh -c 'while :; do :; done' &
			neighbour=$!
			one aa "$n" -busy
			quiet
		else
			one aa "$n"
		fi
		n=$((n + 1))
	done
	;;
planted)
	n=0 # plans
	while [ "$n" -le "${RUNS:-20}" ]; do
		one planted "$n"
		n=$((n + 1))
	done
	;;
esac
"$out/trust" table -out "$out"
