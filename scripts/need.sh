#!/bin/sh
# Installs what auditprof needs to run and to be tested, without starting any service, and says what it installed and how to remove it.
set -eu

missing=
for tool in auditctl auditd; do
  found=
  for dir in $(echo "$PATH" | tr : ' ') /sbin /usr/sbin; do
    if [ -x "$dir/$tool" ]; then found=1; fi
  done
  [ -n "$found" ] || missing="$missing $tool"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "auditprof: missing:$missing; install the audit package as root" >&2
    exit 4
  fi
  as_root=sudo
fi

if command -v apt-get >/dev/null 2>&1; then
  # A package of Debian starts its service unless policy-rc.d says no (invoke-rc.d(8)).
  policy=/usr/sbin/policy-rc.d
  made=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
    made=1
    trap '[ -z "$made" ] || $as_root rm -f "$policy"' EXIT INT TERM
  fi
  $as_root apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends auditd >&2
  echo "auditprof: installed the package auditd, its service was not started. To remove it: $as_root apt-get purge auditd libauparse0" >&2
elif command -v dnf >/dev/null 2>&1; then
  $as_root dnf install -y -q audit >&2
  echo "auditprof: installed the package audit, its service was not started. To remove it: $as_root dnf remove audit" >&2
else
  echo "auditprof: missing:$missing; install the audit package of your distribution" >&2
  exit 4
fi
