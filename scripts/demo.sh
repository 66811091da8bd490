#!/bin/sh
# Measures the rules of examples/demo.rules on a database workload, with the real kernel audit system and the real auditd.
set -eu

as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "auditprof: the demo changes audit rules: run it as root" >&2; exit 4; }
  as_root=sudo
fi

auditctl=$(command -v auditctl || echo /usr/sbin/auditctl)
auditd=private
pid=$($as_root "$auditctl" -s 2>/dev/null | awk '$1 == "pid" { print $2 }')
if [ "${pid:-0}" != 0 ] && [ "${DEMO_RUNNING:-}" != 1 ]; then
  cat >&2 <<END
auditprof: an auditd is running here (process $pid). The demo would take this host's audit rules away for about a minute and a half, load its
own in their place, one set after the other, and put the host's back in the end. What the host's rules would have recorded in between
would be missing, and this host's log would take what the demo's rules record. Nothing was changed.
To go on all the same: DEMO_RUNNING=1 make demo
END
  exit 4
fi

if [ "${pid:-0}" != 0 ]; then auditd=running; fi

out=${DEMO_OUT:-runs/demo-$(date +%Y%m%d-%H%M%S)}
$as_root bin/auditprof bench --rules examples/demo.rules --scenario db-churn --quick --at 40/s --auditd "$auditd" --out "$out"
echo
echo "The run is in $out: result.json (all figures), slots.jsonl (every slot), rules/ (what was loaded)."
echo "Again, with intervals and verdict words (a few minutes): ${as_root:+sudo }bin/auditprof bench --rules examples/demo.rules --scenario db-churn"
