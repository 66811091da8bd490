package text

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// What the host has set is measured in the same way under every arm whose lines say nothing of it: one sentence tells it.
func TestASettingOfTheHostIsToldOnce(t *testing.T) {
	r := full()
	for i := range r.Arms[:4] {
		r.Arms[i].Controls = append(r.Arms[i].Controls, result.Control{Text: "(as found: backlog_wait_time 15000)", Measured: "--backlog_wait_time 500",
			Note: "a record may wait 60 s"})
	}
	text := write(t, r, Options{Width: 160})
	if n := strings.Count(text, "as found: backlog_wait_time 15000"); n != 1 {
		t.Errorf("told %d times", n)
	}
	for _, want := range []string{"10-base.rules:4 -f 2 measured as -f 1: a panic is not measured", "99-lock.rules:1 -e 2 not sent"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q is not there once", want)
		}
	}
}
