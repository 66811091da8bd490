package bench

import (
	"os/exec"
	"testing"

	"github.com/auditprof/auditprof/internal/livetest"
)

func TestEntryNumber(t *testing.T) {
	for _, c := range []struct {
		entry, name string
		want        uint32
		ok          bool
	}{
		{"jdoe:*:120433:120000:J. Doe:/home/jdoe:/bin/bash\n", "jdoe", 120433, true},
		{"wheel:x:10:root\n", "wheel", 10, true},
		{"root:x:0:0:root:/root:/bin/bash\n", "0", 0, false},
		{"broken", "broken", 0, false},
		{"a:x:many:\n", "a", 0, false},
		{"", "a", 0, false},
	} {
		if got, ok := entryNumber(c.entry, c.name); got != c.want || ok != c.ok {
			t.Errorf("%q: %d %t", c.entry, got, ok)
		}
	}
}

func TestNamesOfThisMachine(t *testing.T) {
	if n, ok := userID("root"); n != 0 || !ok {
		t.Errorf("root is %d, %t", n, ok)
	}
	if _, err := exec.LookPath("getent"); err != nil {
		livetest.Missing(t, "getent")
	}
	if n, ok := getent("group", "root"); n != 0 || !ok {
		t.Errorf("group root is %d, %t", n, ok)
	}
	for _, name := range []string{"no-such-name-here", "", "-s", "--help", "0"} {
		if n, ok := userID(name); ok {
			t.Errorf("%q is user %d", name, n)
		}
		if n, ok := getent("group", name); ok {
			t.Errorf("%q is group %d", name, n)
		}
	}
}
