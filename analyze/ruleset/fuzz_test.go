package ruleset

import (
	"errors"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Any text either is refused or gives rules that are whole: none without a form, forms that differ only where a text leaves it open, in
// the order of the lists, each line loaded at most once.
func FuzzCompile(f *testing.F) {
	f.Add(listing, uint8(ListingDetect), false)
	f.Add("-D\n-w /a -p wa -k b\n-A always,exit -S 1 -F uid=chrony\n-d always,exit -S 1 -F uid=chrony\n-W /a -p wa -k b\n-c\nx\n-e 2\n-w /c\n", uint8(ListingNo), true)
	f.Add("-w /a b -p w -k c d\n-a never,exit -F arch=b32 -S 1,open -F filetype=16384 -F key=a\\b\n", uint8(ListingYes), false)
	f.Add("-w /a\n-a never,exit -C -C 0!", uint8(ListingYes), false) // a test that auditctl does not print was cut at its name
	f.Fuzz(func(t *testing.T, text string, l uint8, strict bool) {
		src, err := Open([]string{"-"}, strings.NewReader(text), Listing(l%3))
		if err != nil {
			return
		}
		set, err := src.Compile(Options{Target: target, Strict: strict})
		if err != nil {
			if !errors.Is(err, ErrNoRules) {
				t.Fatal(err)
			}
			return
		}
		last := rule.List(0)
		lines := map[int]bool{}
		for _, r := range set.Rules {
			if len(r.Forms) == 0 || len(r.Forms) > 4 || r.Pos.Line == 0 || lines[r.Pos.Line] {
				t.Fatalf("%q became %+v", r.Text, r)
			}
			lines[r.Pos.Line] = true
			for _, w := range r.Forms {
				if w.List < last || w.List != r.Forms[0].List || len(w.Fields) != len(r.Forms[0].Fields) {
					t.Fatalf("%q became %+v", r.Text, r.Forms)
				}
				if back, err := rule.DecodeWire(w.Encode()); err != nil || !back.Equal(w) {
					t.Fatalf("%q became what no kernel could hold: %v", r.Text, err)
				}
			}
			last = r.Forms[0].List
			for _, u := range r.Unknown {
				if v := r.Forms[0].Fields[u.Field].Value; v < firstPlaceholder {
					t.Fatalf("%q: the unknown %q is %d", r.Text, u.Name, v)
				}
			}
		}
	})
}

func FuzzParseTarget(f *testing.F) {
	f.Add("auditctl=3.1.5,kernel=5.14,arch=x86_64")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTarget(text)
		if err != nil {
			return
		}
		if full, _ := got.Complete(); full.Auditctl < 3_00_00 || full.Machine == 0 {
			t.Fatalf("%q became %+v", text, full)
		}
	})
}
