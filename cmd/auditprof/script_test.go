package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// all are the tests of this package, and the end of the program that they share.
type all struct{ tests *testing.M }

func (a all) Run() int {
	code := a.tests.Run()
	os.RemoveAll(built.dir)
	return code
}

func TestMain(m *testing.M) {
	testscript.Main(all{m}, map[string]func(){
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
			"cutpacked": cutLog,
			"damage":    damageLog,
			"exits":     exits,
			"gaterun":   gateRun,
			"hostlog":   hostlogFile,
			"keeplines": keepLines,
			"strip":     stripLines,
		},
	})
}
