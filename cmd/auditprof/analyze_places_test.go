package main

import (
	"strings"
	"testing"
)

// An event that becomes complete only when the next file of a rotated set is begun is quoted at its own place.
func TestAnEventIsQuotedAtTheFileThatItIsIn(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "a.rules", []byte(oneRule))
	alien := strings.NewReplacer(`key="passwd"`, `key="alien"`, ":5)", ":6)").Replace(strings.SplitAfter(goodEvent, "\n")[0])
	put(t, "audit.log.1", []byte(goodEvent+alien))
	put(t, "audit.log", []byte(strings.ReplaceAll(goodEvent, "1700000000.123:5", "1700000001.123:7")))
	got := typed(t, "analyze", "--rules", "a.rules", "audit.log.1", "audit.log")
	if got.code != exitOK || !strings.Contains(got.out, "audit.log.1:5: type=SYSCALL") {
		t.Errorf("exit %d: %s\n%s", got.code, got.err, got.out)
	}
}
