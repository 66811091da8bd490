package main

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// recordsOf is an analyze.Log of text.
type recordsOf struct{ *record.Reader }

// Whatever was read ahead comes again, and nothing twice.
func TestHeadedLogGivesEveryRecordOnce(t *testing.T) {
	start := "type=DAEMON_START msg=audit(1700000000.000:9): op=start ver=3.1.5 format=raw kernel=5.14.0-503.el9 auid=0 res=success\n"
	call := "type=SYSCALL msg=audit(1700000000.100:7): arch=c00000b7 syscall=56 success=yes\n"
	for _, c := range []struct {
		name, text string
		read       int // records in the head
		target     string
	}{
		{"said at once", start + strings.Repeat(call, 9000), headRecords, "5.14.0 3.1.5"},
		{"said late", strings.Repeat(call, headRecords) + start, headRecords, "0.0.0 0.0"},
		{"said last", call + start, 2, "5.14.0 3.1.5"},
		{"empty", "", 0, "0.0.0 0.0"},
	} {
		h, seen := readHead(recordsOf{record.NewReader(strings.NewReader(c.text))})
		target := seen.host.Target()
		if len(h.head) != c.read || target.Kernel.String()+" "+target.Auditctl.String() != c.target {
			t.Errorf("%s: %d records in the head, target %+v", c.name, len(h.head), target)
		}
		var back strings.Builder
		for h.Scan() {
			back.WriteString(string(h.Record().Raw) + "\n")
		}
		if back.String() != c.text {
			t.Errorf("%s: %d bytes come back of %d", c.name, back.Len(), len(c.text))
		}
	}
}

// What the log says of its rules long after its head is heeded: a rule that was removed by hand is remarked.
func TestChangesBehindTheHeadAreRemarked(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "a.rules", []byte(oneRule+"-w /etc/shadow -p wa -k shadow\n"))
	removal := `type=CONFIG_CHANGE msg=audit(1700000009.000:9000): auid=0 ses=1 op=remove_rule key="shadow" list=4 res=1` + "\n"
	put(t, "audit.log", []byte(strings.Repeat(goodEvent, headRecords)+removal))
	got := typed(t, "analyze", "--rules", "a.rules", "audit.log")
	if got.code != exitOK || !strings.Contains(got.out, `1 rule was removed by hand`) {
		t.Errorf("exit %d: %s\n%s", got.code, got.err, got.out)
	}
}
