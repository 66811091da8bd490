package logs

import (
	"strconv"
	"strings"
)

// age is what the name of a file of a rotated set says about its place in the set.
type age struct {
	stem   string // audit.log
	number int    // of audit.log.3: greater is older; 0 for audit.log, -1 where there is a date instead
	date   string // of audit.log-20240101: digits, greater is newer
}

// ageOf reads the name of a file, without its directory.
func ageOf(base string) age {
	for _, packed := range []string{".gz", ".zst", ".zstd", ".xz", ".bz2", ".lz4", ".Z"} {
		if s, ok := strings.CutSuffix(base, packed); ok {
			base = s
			break
		}
	}
	if stem, number, ok := cutLast(base, '.'); ok {
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && len(number) < 8 {
			return age{stem: stem, number: n}
		}
	}
	if stem, date, ok := cutDate(base); ok {
		return age{stem: stem, number: -1, date: date}
	}
	return age{stem: base}
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	n := strings.LastIndexByte(s, sep)
	if n <= 0 || n == len(s)-1 {
		return s, "", false
	}
	return s[:n], s[n+1:], true
}

// cutDate cuts a date behind "-" or ".": eight digits or more, with "-" between them (logrotate(8), dateformat).
func cutDate(base string) (stem, date string, ok bool) {
	n := len(base)
	digits := 0
	for n > 0 && (base[n-1] == '-' || base[n-1] >= '0' && base[n-1] <= '9') {
		if n--; base[n] != '-' {
			digits++
		}
	}
	if n == 0 || digits < 8 || base[n] != '-' && base[n-1] != '.' {
		return base, "", false
	}
	return strings.TrimRight(base[:n], "-."), strings.ReplaceAll(base[n:], "-", ""), true
}

// inSet reports whether a file of a directory belongs to the log of an auditd: audit.log, audit.log.1, audit.log.2.gz,
// audit.log-20240101.zst.
func inSet(base string) bool { return ageOf(base).stem == "audit.log" }
