package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"auditprof": func() {
			os.Exit(Command{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}.Main(os.Args[1:]))
		},
	})
}

// TestScripts runs testdata/*.txtar: the program as a user types it, wherever nothing of the kernel is needed.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"gaterun":   gateRun,
			"hostlog":   hostlogFile,
			"keeplines": keepLines,
			"strip":     stripLines,
		},
	})
}
