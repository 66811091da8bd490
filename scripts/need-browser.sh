#!/bin/sh
# Installs a Chromium for the tests of the HTML report where the distribution has one as a package, and says how to remove it. Without one those
# tests are skipped with a message: this never fails.
set -u

for browser in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$browser" >/dev/null 2>&1; then exit 0; fi
done

as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || exit 0
  as_root=sudo
fi

# Ubuntu's package of that name installs a snap, which many containers cannot run.
if command -v apt-get >/dev/null 2>&1 && ! grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null; then
  $as_root apt-get update -qq >&2
  if DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1; then
    echo "auditprof: installed the package chromium for the tests of the HTML report. To remove it: $as_root apt-get purge --autoremove chromium" >&2
    exit 0
  fi
elif command -v dnf >/dev/null 2>&1; then
  if $as_root dnf install -y -q chromium-headless >/dev/null 2>&1; then
    echo "auditprof: installed the package chromium-headless for the tests of the HTML report. To remove it: $as_root dnf remove chromium-headless" >&2
    exit 0
  fi
fi
echo "auditprof: no chromium could be installed; the tests of the HTML report in a browser are skipped" >&2
exit 0
