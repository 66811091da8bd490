#!/bin/sh
# What auditd's own configuration costs, in Markdown tables with intervals for docs/method.md: flush, log format, and the CPU of one exec at five
# rates. Root, about nine minutes of a quiet machine.
#
#   sh scripts/method-auditd.sh OUT
#
# The configurations are the host's /etc/audit/auditd.conf (CONF names another) with the lines in question changed. Runs are kept in OUT: one that
# was cut off is measured anew, those before it are not. ROUNDS may be set (6, the fewest that have an interval), AUDITPROF names the program.
set -eu

out=${1:?name a directory for the runs}
prof=${AUDITPROF:-auditprof}
host=${CONF:-/etc/audit/auditd.conf}
rounds=${ROUNDS:-6}
lock=${LOCK:-/run/lock/auditprof-live.lock}
mkdir -p "$out"
[ -r "$host" ] || { echo "method-auditd.sh: $host is missing: apt install auditd, or name another with CONF" >&2; exit 4; }
command -v "$prof" >/dev/null || { echo "method-auditd.sh: $prof is no program: make build, then AUDITPROF=bin/auditprof" >&2; exit 4; }
CGO_ENABLED=0 ${GO:-go} build -trimpath -o "$out/tax" ./internal/tax

measure() { # name, flags. What fails is said and is no table; the rest goes on.
	name=$1
	shift
	! grep -q '^ "ended": "complete"' "$out/$name/result.json" 2>/dev/null || return 0
	rm -rf "${out:?}/$name"
	echo "method-auditd.sh: $name" >&2
	code=0
	flock "$lock" "$prof" bench --quick --no-logs --quiet --out "$out/$name" "$@" >"$out/$name.txt" || code=$?
	case $code in 6 | 130) exit "$code" ;; esac # not restored, interrupted
	[ "$code" = 0 ] || echo "method-auditd.sh: $name ended with $code: see $out/$name.txt" >&2
}

conf() { # name, flush, format
	sed -e '/^[[:space:]]*\(flush\|freq\|log_format\)[[:space:]]*=/d' "$host" >"$out/$1.conf"
	printf 'flush = %s\nfreq = 50\nlog_format = %s\n' "$2" "$3" >>"$out/$1.conf"
}

# The default limit of 64 records measures the limit: one that is in use. Only the workload is recorded, which runs as nobody.
printf -- '-b 8192\n-a always,exit -F arch=b64 -S openat -F uid=nobody -k flood\n' >"$out/flood.rules"
printf -- '-b 8192\n-a always,exit -F arch=b64 -S execve,execveat -F uid=nobody -k exec\n' >"$out/exec.rules"

set --
for flush in SYNC DATA INCREMENTAL INCREMENTAL_ASYNC NONE; do
	conf "$flush" "$flush" RAW
	set -- "$@" --auditd-conf "$out/$flush.conf"
done
measure flush --sweep --rules "flood=$out/flood.rules" --scenario open-close "$@"
conf raw INCREMENTAL_ASYNC RAW
conf enriched INCREMENTAL_ASYNC ENRICHED
measure format --rounds "$rounds" --rules "exec=$out/exec.rules" --scenario exec-storm@400 --auditd-conf "$out/raw.conf" --auditd-conf "$out/enriched.conf"
measure rates --rounds "$rounds" --rules "exec=$out/exec.rules" --scenario exec-storm@100,exec-storm@200,exec-storm@400,exec-storm@800,exec-storm@1600

show() { # words of tax: a table that is not there is no reason to stop
	"$out/tax" "$@" || echo "Not measured."
}

cat <<END
\`sh scripts/method-auditd.sh OUT\`: $(nproc) processors, kernel $(uname -r), auditd.conf of the host but for the lines named.

**flush** (freq 50, RAW), \`auditprof bench --quick --sweep --rules flood=flood.rules --scenario open-close --auditd-conf …\`: the highest rate of
recorded opens that was held without a loss or a wait, twice.

END
show sweep "$out/flush"
cat <<END

**log_format** (INCREMENTAL_ASYNC, freq 50), \`auditprof bench --quick --rounds $rounds --rules exec=exec.rules --scenario exec-storm@400 --auditd-conf raw.conf --auditd-conf enriched.conf\`:

END
show daemon "$out/format"
show over "$out/format" exec+enriched exec+raw
cat <<END

**exec-storm** by rate (the host's auditd.conf), \`auditprof bench --quick --rounds $rounds --rules exec=exec.rules --scenario exec-storm@100,…,exec-storm@1600\`:

END
show daemon "$out/rates"
