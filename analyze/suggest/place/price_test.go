package place

import (
	"math"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// The constants say what the measurements do: n rules of a kind cost n times their price.
func TestPriceFollowsMeasurements(t *testing.T) {
	for name, c := range map[string]struct{ got, want float64 }{
		"50 rules of another syscall, getppid":          {530 + 50*stepNs, 720},
		"50 rules with a0=, getppid":                    {530 + 50*(stepNs+openNs), 2200},
		"50 rules with four numbers more, getppid":      {1900 + 50*4*moreNs, 4000},
		"10 rules with exe= instead of a number":        {630 + 10*(exeNs-moreNs), 1110},
		"50 directory watches instead of none, on stat": {2000 + 50*(stepNs+dirNs), 2900},
	} {
		if math.Abs(c.got-c.want) > 0.5 {
			t.Errorf("%s: %.1f ns, measured %.1f", name, c.got, c.want)
		}
	}
}

func TestPrice(t *testing.T) {
	exe := on("exe", "=", "/usr/bin/x")
	late := opens(0) // uid, success, exe, dir: one half less at each
	both := opens(0)
	both.Calls = append(both.Calls, suggest.Calls{Arch: "b32", Names: []string{"open"}})
	for name, c := range map[string]struct {
		change suggest.Change
		want   suggest.Price
	}{
		"exe alone":              {exe, suggest.Price{Rules: 1, Fields: 2, NsPerSyscall: stepNs + openNs + exeNs, NsOther: stepNs}},
		"cheap conditions first": {late, suggest.Price{Rules: 1, Fields: 1 + 1.875, NsPerSyscall: stepNs + openNs + 1.5*moreNs + exeNs/4 + dirNs/8, NsOther: stepNs}},
		"two architectures":      {both, suggest.Price{Rules: 1, Fields: 1 + 1.875, NsPerSyscall: 2*stepNs + openNs + 1.5*moreNs + exeNs/4 + dirNs/8, NsOther: 2 * stepNs}},
		"by the file":            {on("path", "=", "/etc/x"), suggest.Price{Rules: 1, Fields: 1. / 32, NsPerSyscall: (stepNs + openNs) / 32}},
		"record type":            {ofType(suggest.Exclude, "CWD", suggest.Cond{Field: "uid", Op: "=", Value: "1"}), suggest.Price{Rules: 1, Fields: 1.5}},
		"file system":            {ofType(suggest.Filesystem, "", suggest.Cond{Field: "fstype", Op: "=", Value: "tracefs"}), suggest.Price{Rules: 1, Fields: 1, NsPerSyscall: openNs}},
		"narrower by two":        {narrowTo(0, "-a always,exit -F arch=b64 -S open -F auid>=1000 -F auid!=unset -k x"), suggest.Price{Fields: 1.5, NsPerSyscall: 1.5 * moreNs}},
		"fewer letters":          {narrowTo(1, "-w /etc -p wa -k x"), suggest.Price{}},
	} {
		b := open(t, []string{"-"}, "# x\n-a always,exit -F arch=b64 -S open -k x\n-w /etc -p rwa -k x\n")
		if got := Price(&c.change, b.Set.Rules); !near(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func near(a, b suggest.Price) bool {
	close := func(x, y float64) bool { return math.Abs(x-y) < 1e-9 }
	return a.Rules == b.Rules && close(a.Fields, b.Fields) && close(a.NsPerSyscall, b.NsPerSyscall) && close(a.NsOther, b.NsOther)
}

func TestCaveats(t *testing.T) {
	full := opens(0)
	full.Calls[0].Names = []string{"open", "452"}
	for name, c := range map[string]struct {
		change suggest.Change
		kernel match.Version
		want   []string // parts, in order
	}{
		"all of an exit rule": {full, match.Version{}, []string{"5.16", "no symlink", "must exist", "as a number", "32-bit", "uid=26"}},
		"success works":       {on("success", "=", "1"), match.Version{Major: 6, Minor: 1}, []string{"32-bit"}},
		"success does not":    {on("exit", "=", "-13"), match.Version{Major: 5, Minor: 17}, []string{"no effect", "32-bit"}},
		"path":                {on("path", "=", "/etc/x"), match.Version{}, []string{"changes as the file is replaced", "32-bit"}},
		"PROCTITLE":           {ofType(suggest.Exclude, "PROCTITLE"), match.Version{}, []string{"go-libaudit", "signal"}},
		"SYSCALL":             {ofType(suggest.Exclude, "SYSCALL"), match.Version{}, []string{"no event", "signal"}},
		"file system":         {ofType(suggest.Filesystem, "", suggest.Cond{Field: "fstype", Op: "=", Value: "tracefs"}), match.Version{}, []string{"blinds path="}},
		"narrower watch":      {narrowTo(0, "-w /etc -p wa"), match.Version{}, []string{"slow"}},
		"narrower by success": {narrowTo(0, "-a always,exit -S open -F success=1"), match.Version{}, []string{"record nothing"}},
	} {
		got := Caveats(&c.change, ruleset.Target{Kernel: c.kernel})
		ok := len(got) == len(c.want)
		for i := range min(len(got), len(c.want)) {
			ok = ok && strings.Contains(got[i], c.want[i])
		}
		if !ok {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
