package kernel

import (
	"net/url"
	"strings"
	"testing"
)

func TestHostMessage(t *testing.T) {
	for _, c := range []struct{ what, reason, want string }{
		{"begin", "", "op=auditprof-begin id=2026-03-04"},
		{"end", "ticket-4711", `op=auditprof-end id=2026-03-04 reason="ticket-4711"`},
		{"begin", "ticket 4711: who asked", `op=auditprof-begin id=2026-03-04 reason="ticket%204711:%20who%20asked"`},
		{"begin", "x' res=failed\nnode=\"y", `op=auditprof-begin id=2026-03-04 reason="x%27%20res=failed%0Anode=%22y"`},
		{"begin", "größer \\ \x00\xff", `op=auditprof-begin id=2026-03-04 reason="gr%C3%B6%C3%9Fer%20%5C%20%00%FF"`},
	} {
		got, err := HostMessage(c.what, "2026-03-04", c.reason)
		if err != nil || got != c.want {
			t.Errorf("%q: %s, %v\nwant %s", c.reason, got, err, c.want)
		}
	}
	if _, err := HostMessage("begin", "id", strings.Repeat("x", maxReason+1)); err == nil {
		t.Error("a reason without end was taken")
	}
	if _, err := HostMessage("begin", strings.Repeat("x", MaxUserText), ""); err == nil {
		t.Error("an id without end was taken")
	}
}

func FuzzHostMessage(f *testing.F) {
	f.Add("a 'b' \"c\"\n%20")
	f.Fuzz(func(t *testing.T, reason string) {
		got, err := HostMessage("begin", "id", reason)
		if err != nil || reason == "" {
			return
		}
		escaped, ok := strings.CutPrefix(got, `op=auditprof-begin id=id reason="`)
		word, rest, closed := strings.Cut(escaped, `"`)
		back, err := url.PathUnescape(word)
		if !ok || !closed || rest != "" || err != nil || back != reason || len(got) > MaxUserText || strings.ContainsAny(word, " '\n\\") {
			t.Errorf("%q became %q (%v)", reason, got, err)
		}
	})
}
