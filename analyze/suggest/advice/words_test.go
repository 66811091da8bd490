package advice

import (
	"slices"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
)

func TestWords(t *testing.T) {
	eq := func(f, v string) suggest.Cond { return suggest.Cond{Field: f, Op: "=", Value: v} }
	opens := []suggest.Calls{{Arch: "b64", Names: []string{"open", "openat"}}, {Arch: "b32", Names: []string{"open"}}}
	for _, c := range []struct {
		change suggest.Change
		blind  string
		seen   []string
	}{
		{suggest.Change{Calls: opens, Conds: []suggest.Cond{eq("auid", unset), eq("uid", "26"), eq("success", "1"), eq("exe", "/usr/bin/postgres"), eq("dir", "/var/lib/pg/main")}},
			"postgres as uid 26 without a login opening files below /var/lib/pg/main, when it succeeds",
			[]string{"other programs", "other users", "anybody who logged in", "failures", "files elsewhere", "its other system calls"}},
		{suggest.Change{Calls: []suggest.Calls{{Arch: "b64", Names: []string{"connect", "bpf", "kcmp"}}}, Conds: []suggest.Cond{eq("exit", "-2")}},
			"anybody connecting and calling bpf, kcmp, when it ends with -2", []string{"other outcomes", "its other system calls"}},
		{suggest.Change{Calls: []suggest.Calls{{Arch: "b64", Names: []string{"connect"}}}, Conds: []suggest.Cond{eq("uid", "26"), eq("saddr_fam", "2")}},
			"uid 26 connecting over IPv4", []string{"other users", "other address families", "its other system calls"}},
		{suggest.Change{Calls: []suggest.Calls{{Arch: "b64", Names: []string{"connect"}}}, Conds: []suggest.Cond{eq("saddr_fam", "40")}},
			"anybody connecting over address family 40", []string{"other address families", "its other system calls"}},
		{suggest.Change{Kind: suggest.Exclude, MsgType: "PROCTITLE", Conds: []suggest.Cond{eq("uid", "26")}},
			"the PROCTITLE record of every event of uid 26; the events stay", []string{"other users", "all other records"}},
		{suggest.Change{Kind: suggest.User, MsgType: "CRYPTO_KEY_USER", Conds: []suggest.Cond{eq("exe", "/usr/sbin/sshd")}},
			"messages of type CRYPTO_KEY_USER of sshd", []string{"other programs", "all other messages"}},
		{suggest.Change{Kind: suggest.Filesystem, Conds: []suggest.Cond{eq("fstype", "tracefs")}},
			"which file of tracefs an event is about: rules on files do not see those", []string{}},
		{suggest.Change{Kind: suggest.Narrow}, "what the line asked for and its narrower form does not", []string{"what the narrower line asks for"}},
	} {
		if got := BlindTo(&c.change); got != c.blind {
			t.Errorf("blind to %q, want %q", got, c.blind)
		}
		if got := StillSeen(&c.change); !slices.Equal(got, c.seen) {
			t.Errorf("%s: still seen %q, want %q", c.blind, got, c.seen)
		}
	}
}
