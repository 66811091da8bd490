package main

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// Every reason for which an event is unknown, and every flag, is in docs/analyze.md.
func TestDocsNameEveryReasonAndFlag(t *testing.T) {
	docs := slurp(t, "../../docs/analyze.md")
	for bit := range 32 {
		if why := match.Why(1 << bit); why.String() != "" && !strings.Contains(docs, why.String()) {
			t.Errorf("docs/analyze.md does not explain the reason %q", why)
		}
		if match.Why(1<<bit).String() == "" {
			break
		}
	}
	for _, f := range strings.Fields(typed(t, "analyze", "--help").out) {
		if flag := strings.TrimRight(f, ",.:)"); strings.HasPrefix(flag, "--") && flag != "--help" && !strings.Contains(docs, flag) {
			t.Errorf("docs/analyze.md does not explain %s", flag)
		}
	}
}
