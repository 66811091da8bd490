package ruleset

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestRelocate(t *testing.T) {
	const a, b = "-a always,exit -F arch=b64 -S connect -k net\n", "-w /etc/passwd -p wa -k id\n"
	for _, test := range []struct{ name, text, want string }{
		{"the copy of a run", "# site.rules:7\n" + a + "# more.rules:3\n" + b, "site.rules:7 more.rules:3"},
		{"one without a comment", "# site.rules:7\n" + a + b, "copy.rules:2 copy.rules:3"},
		{"two of one line", "# site.rules:7\n" + a + "# site.rules:7\n" + b, "copy.rules:2 copy.rules:4"},
		{"a comment of a person", "# see RFC 1:2:3 here\n" + a, "copy.rules:2"},
		{"a path", "# ../x/site.rules:7\n" + a, "copy.rules:2"},
		{"a number that is none", "# site.rules:99999999999\n" + a, "copy.rules:2"},
	} {
		path := filepath.Join(t.TempDir(), "copy.rules")
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := Open([]string{path}, nil, ListingNo)
		if err != nil {
			t.Fatal(err)
		}
		src.Relocate()
		set, err := src.Compile(Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for i, r := range set.Rules {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("%s:%d", filepath.Base(r.Pos.File), r.Pos.Line)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
