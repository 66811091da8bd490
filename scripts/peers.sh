#!/bin/sh
# Compare `auditprof analyze` with other readers of audit logs, and write the table of docs/performance.md. Takes some minutes and about
# 2 GB below the folder for temporary files (`make clean` removes them). Installs nothing: laurel is unpacked from its Debian package
# beside the logs, since installing it would put it behind the auditd of this machine.
set -eu

cache="${TMPDIR:-/tmp}/auditprof-biglog-$(id -u)"
mkdir -p -m 700 "$cache"

CGO_ENABLED=0 ${GO:-go} build -trimpath -o "$cache/auparse" ./internal/peers/auparse
CGO_ENABLED=0 ${GO:-go} build -trimpath -o "$cache/compare" ./internal/peers/compare

laurel=$(command -v laurel || true)
if [ -z "$laurel" ]; then
	laurel="$cache/laurel/usr/sbin/laurel"
	if [ ! -x "$laurel" ] && command -v apt-get >/dev/null; then
		(cd "$cache" && apt-get download laurel >/dev/null 2>&1 && dpkg-deb -x laurel_*.deb laurel) ||
			echo "laurel cannot be had from the package archive: it will be missing from the table"
	fi
fi

exec "$cache/compare" -auditprof bin/auditprof -auparse "$cache/auparse" -laurel "$laurel" "$@"
