package rule

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

func TestDialectOf(t *testing.T) {
	for text, want := range map[string]Dialect{
		"3.0.9": Dialect3_0, "auditctl version 4.0.5\n": Dialect4_0, "4.2.1": Dialect4_2, "3.1": 3_01_00, "4.0": 4_00_00, "4.0.4b": 4_00_04,
		"3.1.2-1ubuntu": 3_01_02, "4.2.": 4_02_00, "10.11.12": 10_11_12, "3.0~rc1": 3_00_00,
	} {
		got, err := DialectOf(text)
		if text == "4.2." {
			if err == nil {
				t.Errorf("%q: got %v, want an error", text, got)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
		if again, err := DialectOf(got.String()); err != nil || again != got {
			t.Errorf("%q: %v read again is %v, %v", text, got, again, err)
		}
	}
	for _, bad := range []string{"", "x", "2.8.5", "3.100", "-3.0", "auditctl"} {
		if got, err := DialectOf(bad); err == nil {
			t.Errorf("%q: got %v, want an error", bad, got)
		}
	}
}

// testdata/dialects.tsv is what auditctl of several versions made of some lines: version, line, and the syscalls of its mask or reject.
// TestLiveDialects of internal/kernel compares it with these programs themselves.
func TestDialects(t *testing.T) {
	f, err := os.Open("testdata/dialects.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := map[string]int{}
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		cols := strings.Split(s.Text(), "\t")
		if len(cols) != 3 {
			t.Fatalf("%q has not three columns", s.Text())
		}
		d, err := DialectOf(cols[0])
		if err != nil {
			t.Fatal(err)
		}
		seen[cols[0]]++
		w, _, err := Compile(one(t, cols[1]), desk(d))
		got := showMask(w.Mask)
		if err != nil {
			got = "reject"
		}
		if got != cols[2] {
			t.Errorf("auditctl %s: %s\n got %s (%v)\nwant %s", d, cols[1], got, err, cols[2])
		}
	}
	for _, d := range []Dialect{Dialect3_0, Dialect4_0, Dialect4_2} {
		if seen[d.String()] < 20 {
			t.Errorf("auditctl %s: only %d lines in the table", d, seen[d.String()])
		}
	}
}
