package suggest

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Pieces of names that somebody makes who knows how rules are written.
var hostilePieces = []string{"/", "/usr/sbin", "/tmp", "x", " ", "  ", "\n", "\t", "\r", "\x01", "\x7f", "\x80", "é", "\\", "\"", "'", "#", "..", ".", "//", " -F uid=0",
	"\n-D\n", " -k x", "=", "!=", "<", ",", "-a never,exit", "(deleted)", " (deleted)", "\x1d", "\x00", "%n", "$(id)", strings.Repeat("y", 4090)}

func hostileName(rng *rand.Rand) string {
	name := "/usr/sbin/db"
	for range rng.IntN(4) {
		name += hostilePieces[rng.IntN(len(hostilePieces))]
	}
	if rng.IntN(4) == 0 {
		name = strings.TrimPrefix(name, "/")
	}
	return name
}

// Whatever names a log holds: each line of what is proposed is read back as one rule with the conditions that it was to have, and nothing else.
func TestHostileNamesAreNeverWritten(t *testing.T) {
	proposed, refused := 0, 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 9))
		exe, dir := hostileName(rng), hostileName(rng)
		n := noiseOf(t, fileRules,
			service("openat", func(b *Behaviour) { inDir(dir)(b); b.Rule, b.Exe = 1, exe }),
			service("connect", func(b *Behaviour) { b.Rule, b.Family, b.Exe = 4, 2, exe }),
			service("openat", func(b *Behaviour) {
				inDir("/var/lib/db")(b)
				b.Rule, b.File = 1, "/var/lib/db"+hostileName(rng)
			}),
			Behaviour{Rule: -1, MsgType: "USER_ACCT", Exe: exe, UID: 26, AUID: unset, Learnt: Volume{90, 90, 90_000}, Tested: Volume{90, 90, 90_000}})
		out := Propose(n, permissive{}, nil, Options{MaxRisk: High})
		refused += len(out.Refusals)
		for i := range out.Proposals {
			proposed++
			readBack(t, &out.Proposals[i].Change)
		}
	}
	if proposed < 3000 || refused < 1000 {
		t.Errorf("%d were proposed, %d refused: the test does not see enough", proposed, refused)
	}
}

func readBack(t *testing.T, c *Change) {
	t.Helper()
	lines := c.Lines()
	set, err := rule.ParseFile("proposed", strings.NewReader(strings.Join(lines, "\n")+"\n"))
	if err != nil {
		t.Fatalf("%q: %v", lines, err)
	}
	rules := set.Rules()
	if len(rules) != len(lines) || len(set.Controls()) != 0 {
		t.Fatalf("%q is %d rules and %d controls", lines, len(rules), len(set.Controls()))
	}
	for _, r := range rules {
		fields := r.Fields[1:] // arch= or msgtype= stands first
		if len(fields) != len(c.Conds) || r.Action != rule.ActionNever || len(r.Keys) != 0 {
			t.Fatalf("%q has %d conditions", r.Text, len(fields))
		}
		for n, f := range fields {
			if got := (Cond{f.Name, f.Op, f.Value}); got != c.Conds[n] {
				t.Fatalf("%q: read back as %q", c.Conds[n], got)
			}
		}
	}
}
