package main

import (
	"bytes"
	"os"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/hostlog"
	"github.com/rogpeppe/go-internal/testscript"
)

// hostlogFile N=V… FILE: write the log of hosts, and their rules to host.rules.
func hostlogFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: hostlog [seed=N] [days=N] [perday=N] [hosts=N] FILE")
	}
	o := hostlog.Options{Seed: 1}
	file := args[len(args)-1]
	for _, arg := range args[:len(args)-1] {
		name, value, _ := strings.Cut(arg, "=")
		n, err := strconv.Atoi(value)
		ts.Check(err)
		switch name {
		case "seed":
			o.Seed = uint64(n)
		case "days":
			o.Days = float64(n)
		case "perday":
			o.PerDay = n
		case "hosts":
			o.Hosts, o.Named = n, n > 1
		default:
			ts.Fatalf("%s: seed, days, perday or hosts", name)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), hostlog.Text(o), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("host.rules"), []byte(hostlog.Rules), 0o644))
}

// keeplines FROM PATTERN TO: write the lines of a file that hold a text to another.
func keepLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: keeplines FROM TEXT TO")
	}
	var out bytes.Buffer
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if strings.Contains(line, args[1]) {
			out.WriteString(line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), out.Bytes(), 0o644))
}
