package scenarios

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
)

// A cluster is made once, answers, and is down when the workload is.
func TestPgbench(t *testing.T) {
	needRoot(t)
	if _, err := postgresPrograms(); err != nil {
		t.Skip(err)
	}
	u, err := user.Lookup(pgbench.Account)
	if err != nil {
		t.Skip(err)
	}
	uid, err := strconv.Atoi(u.Uid)
	must(t, err)
	dir := workDir(t, uid)
	spec := Spec{Scenario: "pgbench", Dir: dir, Binary: copyBinary(t, "pgbench"), UID: uint32(uid), GID: uint32(uid), KeepWork: true}
	var made os.FileInfo
	for pass := range 2 {
		p := launch(t, spec.Binary, spec.Scenario)
		p.tell(spec)
		r := p.reply()
		if r.Ready == nil || len(r.Ready.Servers) != 1 {
			t.Fatalf("pass %d: %+v %+v", pass, r.Ready, r.Failure)
		}
		out := p.order(20)
		if out.Expected["transaction"] != 20 || out.CPUNs < 20e6 {
			t.Errorf("pass %d: %+v: 20 connections take more CPU than that, the server's is missing", pass, out)
		}
		p.end(0)
		if _, err := os.Stat(filepath.Join("/proc", strconv.Itoa(r.Ready.Servers[0]))); err == nil {
			t.Errorf("pass %d: the server is left", pass)
		}
		st, err := os.Stat(filepath.Join(dir, "cluster", "PG_VERSION"))
		must(t, err)
		if pass == 1 && !os.SameFile(st, made) {
			t.Error("the cluster was made anew")
		}
		made = st
	}
}

func TestParseTimes(t *testing.T) {
	got, err := parseTimes([]byte("71 (a) b (c) R 7 71 71 0 -1 4194560 3085 22 0 0 11 5 3 2 20 0 1 0 100 0\n"))
	if want := (times{parent: 7, own: 160e6, waitedFor: 50e6}); err != nil || got != want {
		t.Errorf("%+v %v, want %+v", got, err, want)
	}
	for _, bad := range []string{"", "1 (x) R 1 2 3", "no parenthesis"} {
		if got, err := parseTimes([]byte(bad)); err == nil {
			t.Errorf("%q gave %+v", bad, got)
		}
	}
}
