package redact_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/csv"
	"github.com/auditprof/auditprof/reports/markdown"
	"github.com/auditprof/auditprof/reports/plot"
	"github.com/auditprof/auditprof/reports/pprof"
	"github.com/auditprof/auditprof/reports/redact"
	"github.com/auditprof/auditprof/reports/testrun"
	"github.com/auditprof/auditprof/reports/text"
)

// forms are what a redacted run or profile is written as.
func forms(run *result.Run, slots []result.Slot, p *analyze.Profile) map[string]func(io.Writer) error {
	all := map[string]func(io.Writer) error{
		"run as text":         func(w io.Writer) error { return text.Write(w, run, text.Options{Width: 4000}) },
		"run as JSON":         func(w io.Writer) error { b, err := result.Encode(run); _, _ = w.Write(b); return err },
		"run as Markdown":     func(w io.Writer) error { return markdown.WriteRun(w, run, text.Options{}) },
		"run as CSV":          func(w io.Writer) error { return csv.WriteRun(w, run) },
		"run as pprof":        func(w io.Writer) error { return pprof.WriteRun(w, run) },
		"profile as text":     func(w io.Writer) error { return text.WriteProfile(w, p, text.ProfileOptions{Width: 4000, All: true}) },
		"profile as JSON":     func(w io.Writer) error { return p.Write(w) },
		"profile as Markdown": func(w io.Writer) error { return markdown.WriteProfile(w, p, text.ProfileOptions{}) },
		"profile as CSV":      func(w io.Writer) error { return csv.Write(w, p) },
		"profile as pprof":    func(w io.Writer) error { return pprof.Write(w, p) },
	}
	for _, k := range plot.Kinds {
		if k.Name == "slowdown" || k.Name == "volume" || k.Name == "tax" { // the others need slots of a measurement
			all["plot of "+k.Name] = func(w io.Writer) error { return plot.Draw(w, k.Name, run, slots, "svg") }
		}
	}
	return all
}

// A name that was redacted is in no form, by whatever way it could have come there.
func TestNoFormHoldsAName(t *testing.T) {
	for _, planted := range []string{"/home/zaphod42/betelgeuse77", "-w /home/zaphod42/betelgeuse77 -F auid=424242 -k x", "on gold7.example by zaphod42 (/home/zaphod42)"} {
		r := redact.New(redact.Options{Hosts: []string{"gold7"}})
		run := r.Run(testrun.HostileRun(planted))
		p := r.Profile(testrun.Filled[*analyze.Profile](planted))
		for name, write := range forms(run, r.Slots(testrun.Filled[[]result.Slot](planted)), p) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			out := unpacked(b.Bytes())
			for _, secret := range []string{"zaphod42", "betelgeuse77", "424242", "gold7"} {
				if strings.Contains(out, secret) {
					t.Errorf("%s has %q, planted in %q", name, secret, planted)
				}
			}
			if len(out) < 100 {
				t.Errorf("%s: %d bytes", name, len(out))
			}
		}
	}
}

// unpacked is what a pprof profile holds; other forms are as they are.
func unpacked(data []byte) string {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return string(data)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(out)
}
