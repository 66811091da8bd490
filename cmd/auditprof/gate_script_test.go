package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// stripLines FROM TEXT TO: write the lines of a file that do not hold a text to another.
func stripLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: strip FROM TEXT TO")
	}
	var out bytes.Buffer
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if !strings.Contains(line, args[1]) {
			out.WriteString(line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), out.Bytes(), 0o644))
}

// damageLog EVERY FROM TO: write a log of which the lines of every so many events are no records any more.
func damageLog(ts *testscript.TestScript, neg bool, args []string) {
	every := 0
	if len(args) == 3 {
		every, _ = strconv.Atoi(args[0])
	}
	if neg || every < 1 {
		ts.Fatalf("usage: damage EVERY FROM TO")
	}
	var out bytes.Buffer
	n, last := 0, ""
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		_, stamp, _ := strings.Cut(line, "msg=audit(")
		if stamp, _, _ = strings.Cut(stamp, ")"); stamp != last {
			n, last = n+1, stamp
		}
		if n%every == 0 {
			line = strings.Replace(line, "type=", "t\x00pe=", 1)
		}
		out.WriteString(line)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), out.Bytes(), 0o644))
}

// cutLog FROM TO: pack a log and leave out the end of what was packed.
func cutLog(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cutpacked FROM TO")
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(z.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes()[:out.Len()*3/4], 0o644))
}
