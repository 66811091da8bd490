#!/bin/sh
# What auditd's own configuration costs, in Markdown tables for docs/method.md: flush, log format, and the CPU of one exec at five rates.
# Root, about eight minutes of a quiet machine.
#
#   sh scripts/method-auditd.sh OUT
#
# The configurations are the host's /etc/audit/auditd.conf (CONF names another) with the lines in question changed. Runs are kept in OUT: what
# was cut off goes on where it was.
set -eu

out=${1:?name a directory for the runs}
prof=${AUDITPROF:-auditprof}
host=${CONF:-/etc/audit/auditd.conf}
lock=/run/lock/auditprof-live.lock
mkdir -p "$out"
[ -r "$host" ] || { echo "method-auditd.sh: $host is missing: apt install auditd, or name another with CONF" >&2; exit 4; }

measure() { # name, flags
	name=$1
	shift
	[ -e "$out/$name/result.json" ] || flock "$lock" "$prof" bench --quick --no-logs --quiet --out "$out/$name" "$@" >"$out/$name.txt"
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
measure format --rounds 3 --rules "exec=$out/exec.rules" --scenario exec-storm@400 --auditd-conf "$out/raw.conf" --auditd-conf "$out/enriched.conf"
measure rates --rounds 2 --rules "exec=$out/exec.rules" --scenario exec-storm@100,exec-storm@200,exec-storm@400,exec-storm@800,exec-storm@1600

slots() { # run, kind, program: awk over the slots, with n("field") a number of a slot and s("field") a text
	awk -v kind="$2" '
		function value(field,   at) { at = index($0, "\"" field "\":"); return at ? substr($0, at + length(field) + 3) : "" }
		function n(field) { return value(field) + 0 }
		function s(field,   v) { v = value(field); sub(/^"/, "", v); sub(/".*/, "", v); return v }
		function us(ns) { return sprintf("%.1f", ns / 1000) }
		function auditd() { return n("auditd_cpu_ns") + n("kauditd_cpu_ns") }
		s("kind") == kind && value("valid") ~ /^true/ { '"$3"' }
		END { '"$4"' }' "$out/$1/slots.jsonl"
}

echo "auditd and kauditd, $(nproc) processors, kernel $(uname -r), auditd.conf of the host but for the lines named. One run each."
echo
echo "**flush** (freq 50, RAW): the highest rate of recorded opens that was held without a loss or a wait, and CPU per event up to that rate."
echo
echo "| flush | events/s held | auditd and kauditd, us CPU per event |"
echo "|---|---:|---:|"
for flush in SYNC DATA INCREMENTAL INCREMENTAL_ASYNC NONE; do
	held=$(awk -v arm="flood+$flush" '
		/"sweeps":/ { inside = 1 }
		inside && /"arm":/ { line = $0; sub(/.*"arm": *"/, "", line); sub(/".*/, "", line); mine = line == arm }
		inside && mine && /"events_per_second":/ && !told { sub(/.*: */, ""); sub(/,.*/, ""); printf "%d", $0; told = 1 }' "$out/flush/result.json")
	cpu=$(slots flush sweep "if (s(\"arm\") == \"flood+$flush\" && n(\"lost\") == 0 && n(\"backlog_wait_ns\") == 0) { cpu += auditd(); events += n(\"events\") }" \
		'print events ? us(cpu / events) : "-"')
	echo "| $flush | ${held:-0} | $cpu |"
done
echo
echo "**log_format**, exec-storm at 400 a second (INCREMENTAL_ASYNC, freq 50)."
echo
echo "| log_format | us CPU per event | bytes per event |"
echo "|---|---:|---:|"
for format in raw enriched; do
	slots format timed "if (s(\"arm\") == \"exec+$format\") { cpu += auditd(); events += n(\"events\"); bytes += n(\"log_bytes\") }" \
		"if (events) printf \"| $format | %s | %d |\n\", us(cpu / events), bytes / events"
done
echo
echo "**exec-storm** by rate, the host's auditd.conf: CPU of auditd and kauditd per exec, and of all processes together."
echo
echo "| execs/s asked for | done/s | auditd and kauditd, us per exec | all, us per exec | lost |"
echo "|---:|---:|---:|---:|---:|"
for rate in 100 200 400 800 1600; do
	slots rates timed "if (s(\"arm\") == \"exec\" && s(\"scenario\") == \"exec-storm@$rate\") {
		ops += n(\"ops_done\"); wall += n(\"wall_ns\"); cpu += auditd(); all += auditd() + n(\"workload_cpu_ns\") + n(\"readers_cpu_ns\"); lost += n(\"lost\") }" \
		"if (ops) printf \"| $rate | %d | %s | %s | %d |\n\", ops / (wall / 1e9), us(cpu / ops), us(all / ops), lost"
done
