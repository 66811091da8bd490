package match

import (
	"fmt"
	"strings"
	"testing"
)

// TestWalk follows calls through a set with one rule of each kind, as a kernel would that has the file of the watch in bucket 7.
func TestWalk(t *testing.T) {
	m := matcherOf(t, recent,
		"-a always,exit -F arch=b64 -S openat -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access",
		"-a always,exit -F arch=b32 -S openat -k b32", // 295: another call's number among the 64-bit ones
		"-a always,exit -F dir=/etc -F perm=wa -k etc",
		"-a always,exit -F path=/var/log/x -F perm=wa -k x",
		"-a never,exit -F arch=b64 -S unlink",
		"-a always,exit -S all -F uid=5 -k late",
		"-a always,exit -F path=/var/log/y -F perm=wa -k y",
	)
	w := m.Walk(func(int) int { return 7 })
	for _, c := range []struct {
		name string
		call call
		want string // rule, then - for a mask without the call or : and the fields asked, ! where all were true, @ the name
	}{
		{"the mask keeps all but the full ones out", call{nr: 110}, "0- 1- 2:1 4- 5:1"},
		{"the unset auid is above 1000 and fails behind it", call{nr: 257, fields: "success=no exit=-13 auid=4294967295"}, "0:4 1- 2:1 4- 5:1"},
		{"an open that was not refused fails at exit", call{nr: 257}, "0:2 1- 2:1 4- 5:1"},
		{"a system user's login fails at auid", call{nr: 257, fields: "success=no exit=-13 auid=5"}, "0:3 1- 2:1 4- 5:1"},
		{"the bit alone does not tell the arch", call{nr: 295}, "0- 1:1 2:1 4- 5:1"},
		{"a match ends the list", call{nr: 257, fields: "success=no exit=-13"}, "0:5!"},
		{"a never rule too, and what was loaded later is not asked in the hash",
			call{nr: 87, names: []string{found("/tmp/a", 39, "DELETE")}}, "0- 1- 2:1 4:1! 3:1@0 6:0@0"},
		{"another bucket", call{nr: 87, names: []string{found("/tmp/a", 40, "DELETE")}}, "0- 1- 2:1 4:1!"},
		{"a name without an inode is in the last bucket", call{nr: 257, names: []string{missed("/tmp/a")}}, "0:2 1- 2:1 4- 5:1"},
		{"a watch on another file in the bucket fails at once",
			call{nr: 90, names: []string{found("/tmp/a", 71, "NORMAL")}}, "0- 1- 2:1 4- 5:1 3:1@0 6:1@0"},
		{"one on this file matches", call{nr: 90, names: []string{found("/var/log/x", 71, "NORMAL")}}, "0- 1- 2:1 4- 5:1 3:3!@0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			w.Of(c.call.read(t), func(s Step) { got = append(got, stepText(s)) })
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("steps %s, want %s", text, c.want)
			}
		})
	}
}

func stepText(s Step) string {
	if !s.Hit {
		return fmt.Sprintf("%d-", s.Rule)
	}
	text := fmt.Sprintf("%d:%d", s.Rule, s.Asked)
	if s.Matches {
		text += "!"
	}
	if s.Name >= 0 {
		text += fmt.Sprintf("@%d", s.Name)
	}
	return text
}
