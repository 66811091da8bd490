package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/scenarios"
)

// TestReplayOfACorpusLog: the mix of a log of a real host is a scenario, and most of what that host recorded is in it.
func TestReplayOfACorpusLog(t *testing.T) {
	log := filepath.Join(corpus(t), "recorded", "audit.log.zst")
	var out, errs bytes.Buffer
	if code := (Command{Out: &out, Err: &errs}).Main([]string{"scenarios", "replay", "--from", log}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	info, err := scenarios.Read("site.yaml", out.String())
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if info.Name != "site" || info.Definition != out.String() {
		t.Errorf("%+v", info)
	}
	for _, op := range []string{"open-close", "tcp-accepted", "exec"} {
		if !strings.Contains(out.String(), "\n  "+op+": ") {
			t.Errorf("no %s in\n%s", op, out.String())
		}
	}
}
