#!/usr/bin/env bash
# What the GitHub action and the GitLab template do: a gate over rules and logs and, where LIVE is true, a quick run of both sets on this machine's
# kernel. In come the variables AUDITPROF (the program), OUT (a directory for what is written), BUDGET, RULES, BASE_RULES, LOG, LOG_RULES, LIVE,
# SCENARIO and ON_INCONCLUSIVE. The exit code is that of the gate; of two the worse.
set -euo pipefail

: "${AUDITPROF:=auditprof}" "${OUT:=auditprof-gate}" "${LOG:=}" "${LOG_RULES:=}" "${LIVE:=false}" "${SCENARIO:=db-churn}" "${ON_INCONCLUSIVE:=}"
mkdir -p "$OUT"

common=(--budget "$BUDGET" --base-rules "$BASE_RULES" --rules "$RULES" --quiet)
[ -z "$ON_INCONCLUSIVE" ] || common+=(--on-inconclusive "$ON_INCONCLUSIVE")
logs=(--only log,rules)
[ -z "$LOG" ] || logs+=(--log "$LOG")
[ -z "$LOG" ] || [ -z "$LOG_RULES" ] || logs+=(--log-rules "$LOG_RULES")
[ -n "$LOG" ] || logs=(--only rules)

code=0
# gate NAME ARG...: one verdict in every form that CI shows.
gate() {
  local name=$1 got=0
  shift
  "$AUDITPROF" gate "$@" || got=$?
  [ "$got" -le "$code" ] || code=$got
  case $got in 0 | 1 | 3) ;; *) return 0 ;; esac
  "$AUDITPROF" gate "$@" --format junit --output "$OUT/$name.junit.xml" 2>/dev/null || true
  "$AUDITPROF" gate "$@" --format sarif --output "$OUT/$name.sarif" 2>/dev/null || true
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    "$AUDITPROF" gate "$@" --format github-summary >>"$GITHUB_STEP_SUMMARY" 2>/dev/null || true
    "$AUDITPROF" gate "$@" --format github 2>/dev/null || true
  fi
}

gate rules "${common[@]}" "${logs[@]}"
if [ "$LIVE" = true ]; then
  # A run that cannot be made is the environment's fault, and says so with its own exit code.
  got=0
  sudo -n "$(command -v "$AUDITPROF")" bench --rules "base=$BASE_RULES" --rules "new=$RULES" --scenario "$SCENARIO" --quick --quiet --out "$OUT/run" >"$OUT/run.txt" || got=$?
  if [ "$got" -eq 0 ]; then
    sudo -n chown -R "$(id -u)" "$OUT/run"
    gate live "${common[@]}" "$OUT/run" --arm new --base-arm base --only scenarios
  elif [ "$got" -gt "$code" ]; then
    code=$got
  fi
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  printf 'junit=%s\nsarif=%s\n' "$OUT/rules.junit.xml" "$OUT/rules.sarif" >>"$GITHUB_OUTPUT"
fi
exit "$code"
