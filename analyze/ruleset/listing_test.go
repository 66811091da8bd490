package ruleset

import (
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

const listing = `-a always,exit -F arch=b32 -S chmod,fchmod -F auid>=1000 -F auid!=-1 -F key=perm_mod
-a never,exit -S chmod -F uid=33
-w /etc/passwd -p wa -k identity
-w /a dir/with blanks -p rwxa -k one -k two
-w /link/ -p w
-a always,exit -S all -F path=/a file -F perm=x -F key=two words
-a always,exclude -F msgtype=CWD
`

func TestIsListing(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"x.rules", listing, true},
		{"x", "-w /a -p wa -k b\n-w /c -p r\n", true},
		{"x.rules", "-w /a -p wa -k b\n", false},
		{"x", "# list\n" + listing, false},
		{"x", "-D\n" + listing, false},
		{"x", listing + "\n", false},
		{"x", "-w /a -k b\n", false},
		{"x", "-w /a -p aw -k b\n", false},
		{"x", "-a exit,always -S all -F key=x\n", false},
		{"x", "-a always,exit -F arch=b64 -S open -k x\n", false},
		{"x", "-a always,exit -F arch=b64 -S open -F auid!=unset -F key=x\n", false},
		{"x", "-a always,exit -F arch=b64 -S open -F uid=root -F key=x\n", false},
		{"x", "-a always,exit -F path=/x -F perm=x -F key=x\n", false},
		{"x", "-a always,exit -F arch=b64 -S open -S close -F key=x\n", false},
		{"x", "No rules\n", false},
		{"x", "", false},
	} {
		if got := isListing(c.name, c.text); got != c.want {
			t.Errorf("%s %q: %v", c.name, c.text, got)
		}
	}
}

func TestListing(t *testing.T) {
	src, err := Open([]string{"-"}, strings.NewReader(listing), ListingDetect)
	if err != nil {
		t.Fatal(err)
	}
	set, err := src.Compile(Options{Target: Target{Auditctl: 3_01_05, Machine: names.ArchX86_64}})
	if err != nil {
		t.Fatal(err)
	}
	if !src.parts[0].listing || len(set.Rules) != 7 || len(set.Refused) != 0 || len(set.Remarks) == 0 {
		t.Fatalf("%d rules, refused %v, remarks %v", len(set.Rules), set.Refused, set.Remarks)
	}
	if w := set.Rules[1].Forms[0]; w.Mask[15/32]>>15&1 != 1 || bits(w) != 1 {
		t.Error("chmod behind a b32 rule is not read by the table of i386")
	}
	for i, want := range []struct {
		actions []rule.Action
		paths   []string
		key     string
	}{
		2: {[]rule.Action{rule.ActionAlways, rule.ActionAlways, rule.ActionNever, rule.ActionNever}, []string{"/etc/passwd"}, "identity"},
		3: {[]rule.Action{rule.ActionAlways, rule.ActionAlways, rule.ActionNever, rule.ActionNever}, []string{"/a dir/with blanks"}, "one\x01two"},
		4: {[]rule.Action{rule.ActionAlways, rule.ActionNever}, []string{"/link/"}, ""},
		5: {[]rule.Action{rule.ActionAlways}, []string{"/a file"}, "two words"},
	} {
		if want.actions == nil {
			continue
		}
		r := set.Rules[i]
		var actions []rule.Action
		for _, w := range r.Forms {
			actions = append(actions, w.Action)
			if w.Fields[0].Str != want.paths[0] || w.Key() != want.key || bits(w) < 2000 {
				t.Errorf("%s became %v, %d syscalls", r.Text, w.Fields, bits(w))
			}
		}
		if !slices.Equal(actions, want.actions) {
			t.Errorf("%s: actions %v, want %v", r.Text, actions, want.actions)
		}
	}
}

// A listed mask is what the kernel holds: perm adds nothing to it.
func TestListedMask(t *testing.T) {
	src, err := Open([]string{"-"}, strings.NewReader("-a always,exit -F arch=b64 -S openat -F dir=/etc -F perm=wa\n"), ListingYes)
	if err != nil {
		t.Fatal(err)
	}
	set, err := src.Compile(Options{Target: Target{Auditctl: 4_01_02}})
	if err != nil {
		t.Fatal(err)
	}
	if w := set.Rules[0].Forms[0]; bits(w) != 1 {
		t.Errorf("%d syscalls", bits(w))
	}
}
