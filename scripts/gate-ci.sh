#!/usr/bin/env bash
# What the GitHub action and the GitLab template do: a gate over rules and logs and, where LIVE is true, a quick run of both sets on this machine's
# kernel. In come the variables AUDITPROF (the program), OUT (a directory for what is written), BUDGET, RULES, BASE_RULES, LOG, LOG_RULES, LIVE,
# SCENARIO and ON_INCONCLUSIVE. The exit code is that of the gate; of two the worse: what fails is worse than what cannot be told.
set -euo pipefail

: "${AUDITPROF:=auditprof}" "${OUT:=auditprof-gate}" "${LOG:=}" "${LOG_RULES:=}" "${LIVE:=false}" "${SCENARIO:=db-churn}" "${ON_INCONCLUSIVE:=}"
mkdir -p "$OUT"

common=(--budget "$BUDGET" --base-rules "$BASE_RULES" --rules "$RULES" --quiet)
[ -z "$ON_INCONCLUSIVE" ] || common+=(--on-inconclusive "$ON_INCONCLUSIVE")
logs=(--only log,rules)
[ -z "$LOG" ] || logs+=(--log "$LOG")
[ -z "$LOG" ] || [ -z "$LOG_RULES" ] || logs+=(--log-rules "$LOG_RULES")
[ -n "$LOG" ] || logs=(--only rules)

# rank CODE: how bad an exit code is.
rank() {
  case $1 in 0) echo 0 ;; 3) echo 1 ;; 1) echo 2 ;; *) echo "$((3 + $1))" ;; esac
}

code=0
# ended CODE: takes it if it is worse than what was before.
ended() { [ "$(rank "$1")" -le "$(rank "$code")" ] || code=$1; }

# verbatim COMMAND...: its output as it is. Names of rules and logs are in it, and the runner of GitHub takes a line that begins with ::name:: for a
# command, and ##[name] anywhere.
verbatim() {
  local token='' got=0
  if [ -n "${GITHUB_ACTIONS:-}" ]; then
    token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    echo "::stop-commands::$token"
  fi
  "$@" 2>&1 || got=$?
  [ -z "$token" ] || echo "::$token::"
  return "$got"
}

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)

# measure: a quick run of both sets, with the acts that the new rules must still show. Its report is a file, what it says of errors is shown.
measure() {
  "${as_root[@]}" "$(command -v "$AUDITPROF")" bench --rules "base=$BASE_RULES" --rules "new=$RULES" --scenario "$SCENARIO" --quick --canaries --quiet \
    --out "$OUT/run" >"$OUT/run.txt"
}

# gate NAME ARG...: one verdict in every form that CI shows.
gate() {
  local name=$1 got=0 forms=()
  shift
  rm -f "$OUT/$name".{junit.xml,sarif,summary.md,annotations} # of a verdict before
  forms=(--also "junit=$OUT/$name.junit.xml" --also "sarif=$OUT/$name.sarif")
  [ -z "${GITHUB_STEP_SUMMARY:-}" ] || forms+=(--also "github-summary=$OUT/$name.summary.md" --also "github=$OUT/$name.annotations")
  verbatim "$AUDITPROF" gate "$@" "${forms[@]}" || got=$?
  ended "$got"
  [ ! -e "$OUT/$name.summary.md" ] || cat "$OUT/$name.summary.md" >>"$GITHUB_STEP_SUMMARY"
  [ ! -e "$OUT/$name.annotations" ] || cat "$OUT/$name.annotations"
}

gate rules "${common[@]}" "${logs[@]}"
if [ "$LIVE" = true ]; then
  # A run that cannot be made is the environment's fault, and says so with its own exit code.
  got=0
  sh "$(dirname "$0")/need.sh" || got=$? # hosted runners have no auditd
  [ "$got" -ne 0 ] || verbatim measure || got=$?
  if [ "$got" -eq 0 ]; then
    "${as_root[@]}" chown -R "$(id -u)" "$OUT/run"
    gate live "${common[@]}" "$OUT/run" --arm new --base-arm base --only scenarios
  else
    ended "$got"
  fi
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  printf 'junit=%s\nsarif=%s\n' "$OUT/rules.junit.xml" "$OUT/rules.sarif" >>"$GITHUB_OUTPUT"
fi
exit "$code"
