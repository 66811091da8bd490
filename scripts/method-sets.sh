#!/bin/sh
# The table of docs/method.md that holds the rule of thumb "10 to 15 % more CPU with a security-centric configuration" against every scenario:
# CPU per operation, all processes together, under four public rule sets as a ratio to no audit, with its interval. Takes root and about
# twenty minutes of a quiet machine.
#
#   sh scripts/method-sets.sh OUT RULES NEO23X0
#
# RULES is the directory of rules that audit 3.0.9 ships (Debian: /usr/share/doc/auditd/examples/rules), NEO23X0 the audit.rules of
# github.com/Neo23x0/auditd. ROUNDS and SCENARIOS (a comma between them) may be set in the environment.
set -eu

out=${1:?name a new directory for the run}
rules=${2:?name the directory with the rules that audit ships}
neo=${3:?name the rule file of Neo23x0/auditd}
prof=${AUDITPROF:-auditprof}
base=$rules/10-base-config.rules
ospp=$base,$(ls "$rules"/30-ospp-v42-*.rules | paste -sd, -)

if [ ! -e "$out/result.json" ]; then
  "$prof" bench --quick --rounds "${ROUNDS:-6}" --scenario "${SCENARIOS:-all}" --keep-going --no-logs --out "$out" \
    --rules "stig=$base,$rules/30-stig.rules" --rules "pci=$base,$rules/30-pci-dss-v31.rules" --rules "ospp=$ospp" --rules "neo23x0=$neo" >"$out.txt"
fi

# One line a scenario, one column a set. A set that lost records has no figure. Held: the whole interval lies within 1.10 to 1.15.
"$prof" report --format csv "$out" | awk -F, '
  $5 == "cpu_ratio" && $4 == "" && $3 == "candidate" {
    if (!($1 in seen)) { seen[$1] = 1; order[++n] = $1 }
    if ($11 != "true") { cell[$1, $2] = "lost records"; next }
    where = "cannot tell"
    if ($8 >= 1.10 && $9 <= 1.15) where = "holds"
    if ($9 < 1.10) where = "less"
    if ($8 > 1.15) where = "more"
    cell[$1, $2] = sprintf("%.2f [%.2f %.2f] %s", $7, $8, $9, where)
    count[$2, where]++
  }
  END {
    split("stig pci ospp neo23x0", sets, " ")
    print "| scenario | stig | pci | ospp | neo23x0 |\n|---|---|---|---|---|"
    for (i = 1; i <= n; i++) {
      line = "| " order[i]
      for (k = 1; k <= 4; k++) { c = cell[order[i], sets[k]]; line = line " | " (c == "" ? "-" : c) }
      print line " |"
    }
    line = "| holds, less, more, cannot tell"
    for (k = 1; k <= 4; k++) line = line sprintf(" | %d, %d, %d, %d", count[sets[k], "holds"], count[sets[k], "less"], count[sets[k], "more"], count[sets[k], "cannot tell"])
    print line " |"
  }'
