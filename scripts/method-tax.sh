#!/bin/sh
# The filter tax in Markdown tables for docs/method.md: what rules cost that match nothing. Root, about ten minutes of a quiet machine.
#
#   sh scripts/method-tax.sh OUT NEO23X0
#
# NEO23X0 is the audit.rules of github.com/Neo23x0/auditd. Runs are kept in OUT: one that was cut off is measured anew, those before it are not.
# ROUNDS may be set (8; below 6 there is no interval), AUDITPROF names the program.
set -eu

out=${1:?name a directory for the runs}
neo=${2:?name the rule file of Neo23x0/auditd}
prof=${AUDITPROF:-auditprof}
rounds=${ROUNDS:-8}
lock=${LOCK:-/run/lock/auditprof-live.lock}
rules=$out/rules
watched=$out/watched
[ -r "$neo" ] || { echo "method-tax.sh: $neo is missing" >&2; exit 4; }
command -v "$prof" >/dev/null || { echo "method-tax.sh: $prof is no program: make build, then AUDITPROF=bin/auditprof" >&2; exit 4; }
mkdir -p "$rules" "$watched"
CGO_ENABLED=0 ${GO:-go} build -trimpath -o "$out/tax" ./internal/tax

measure() { # name, flags. What fails is said and is no table; the rest goes on.
	name=$1
	shift
	! grep -q '^ "ended": "complete"' "$out/$name/result.json" 2>/dev/null || return 0
	rm -rf "${out:?}/$name"
	echo "method-tax.sh: $name" >&2
	code=0
	flock "$lock" "$prof" bench --quick --rounds "$rounds" --no-logs --quiet --out "$out/$name" "$@" >"$out/$name.txt" || code=$?
	case $code in 6 | 130) exit "$code" ;; esac # not restored, interrupted
	# 5: the same set twice differed, and the interval says how much; or the run is not whole, which the table says
	[ "$code" = 0 ] || echo "method-tax.sh: $name ended with $code: see $out/$name.txt" >&2
}

show() { # words of tax: a table that is not there is no reason to stop
	"$out/tax" "$@" || echo "Not measured."
}

many() { # number, form: the sign @ becomes 0, 1, …
	awk -v n="$1" -v form="$2" 'BEGIN { for (i = 0; i < n; i++) { line = form; gsub(/@/, i, line); print line } }'
}

# 1. The line: rules whose mask has another call, and rules that every call asks one field.
for n in 10 20 50 100 160; do
	many "$n" "-a always,exit -F arch=b64 -S swapoff -F a0=@ -k tax" >"$rules/passed-$n.rules"
	many "$n" "-a always,exit -S all -F a0=20500@ -k tax" >"$rules/asked-$n.rules"
done
for kind in passed asked; do
	measure "line-$kind" --scenario null-syscall --rules "n10=$rules/$kind-10.rules" --rules "n20=$rules/$kind-20.rules" \
		--rules "n50=$rules/$kind-50.rules" --rules "n100=$rules/$kind-100.rules" --rules "n160=$rules/$kind-160.rules"
done

# 2. Forms of one intention: changes of a file, of a directory. Everything watched is there and nobody uses it.
i=0
while [ "$i" -lt 50 ]; do
	: >"$watched/file$i"
	mkdir -p "$watched/dir$i"
	i=$((i + 1))
done
full=$(cd "$watched" && pwd)
calls=open,openat,creat,truncate,ftruncate,rename,renameat,unlink,unlinkat,mkdir,rmdir,link,symlink,chmod,fchmod,fchmodat,chown,fchown,fchownat
for n in 10 50; do
	many "$n" "-w $full/file@ -p wa -k tax" >"$rules/w-file-$n.rules"
	many "$n" "-w $full/dir@ -p wa -k tax" >"$rules/w-dir-$n.rules"
	many "$n" "-a always,exit -F arch=b64 -F path=$full/file@ -F perm=wa -k tax" >"$rules/path-$n.rules"
	many "$n" "-a always,exit -F arch=b64 -F dir=$full/dir@ -F perm=wa -k tax" >"$rules/dir-$n.rules"
	many "$n" "-a always,exit -F arch=b64 -S $calls -F path=$full/file@ -F perm=wa -k tax" >"$rules/path-S-$n.rules"
	many "$n" "-a always,exit -F arch=b64 -S $calls -F dir=$full/dir@ -F perm=wa -k tax" >"$rules/dir-S-$n.rules"
done
set --
for form in w-file w-dir path dir path-S dir-S; do
	set -- "$@" --rules "$form-10=$rules/$form-10.rules" --rules "$form-50=$rules/$form-50.rules"
done
measure forms-3.0.9 --target auditctl=3.0.9 --scenario null-syscall,open-close "$@"
# Later auditctl makes perm= narrow the mask where an arch is said and no -S.
measure forms-4.0.5 --target auditctl=4.0.5 --scenario null-syscall,open-close --rules "w-dir-50=$rules/w-dir-50.rules" \
	--rules "path-50=$rules/path-50.rules" --rules "dir-50=$rules/dir-50.rules"

# 3. Reads and writes of one byte under a large set, without and with a leading never. -A puts it first, behind any -D of the set.
echo "-A never,exit -F arch=b64 -S read,write" >"$rules/never.rules"
measure never --keep-going --scenario rdwr --rules "neo23x0=$neo" --rules "never first=$neo,$rules/never.rules"

cat <<END
\`sh scripts/method-tax.sh OUT NEO23X0\`: CPU per operation, all processes together, in ns over audit without rules, Hodges-Lehmann over the rounds.

END
for kind in passed asked; do
	echo "Rules that are $kind$( [ "$kind" = passed ] && echo ' by (their mask has another call)' || echo ' one field by every call'):"
	echo
	show line "$out/line-$kind"
	echo
done
for version in 3.0.9 4.0.5; do
	echo "As auditctl $version compiles them:"
	echo
	show table "$out/forms-$version"
	echo
done
echo "One byte read or written:"
echo
show table "$out/never"
