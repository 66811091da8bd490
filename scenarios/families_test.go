package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// connected sets the socket operations up in a directory of their own.
func connected(t *testing.T) *sockets {
	t.Helper()
	s := &sockets{}
	err := s.setup(newSite(workDir(t, os.Geteuid()), Spec{}))
	if err != nil {
		s.teardown()
		t.Fatal(err)
	}
	return s
}

func TestConnectsLeaveNoTimeWait(t *testing.T) {
	s := connected(t)
	for range 200 {
		must(t, s.tcpAccepted())
		must(t, s.tcpRefused())
	}
	port := fmt.Sprintf(":%04X ", s.open.Port)
	sockets := content(t, "/proc/net/tcp")
	if !strings.Contains(sockets, port) {
		t.Fatalf("not even the listener with port %s is in the list", port)
	}
	for line := range strings.Lines(sockets) {
		f := strings.Fields(line)
		if len(f) > 3 && f[3] == "06" && strings.Contains(line, port) { // TCP_TIME_WAIT
			t.Errorf("in TIME_WAIT: %s", line)
		}
	}
	must(t, s.teardown())
}

func TestAcceptorGone(t *testing.T) {
	s := connected(t)
	must(t, s.tcp.stop())
	must(t, s.unix.stop())
	if err := s.tcpAccepted(); err == nil {
		t.Error("connected over TCP to nobody")
	}
	if err := s.unixAccepted(); err == nil {
		t.Error("connected over a Unix socket to nobody")
	}
}

func TestRefusalsMustBeRefused(t *testing.T) {
	s := connected(t)
	s.closed, s.missing = s.open, s.local
	if err := s.tcpRefused(); err == nil {
		t.Error("an accepted TCP connection passed for a refused one")
	}
	if err := s.unixMissing(); err == nil {
		t.Error("an accepted Unix connection passed for a missing one")
	}
	must(t, s.teardown())
}

func TestSocketPathTooLong(t *testing.T) {
	s := &sockets{}
	err := s.setup(newSite("/"+strings.Repeat("x", 100), Spec{}))
	if err == nil || !strings.Contains(err.Error(), "shorter data directory") {
		t.Errorf("error %v", err)
	}
	must(t, s.teardown())
}

func TestExecReportsFailure(t *testing.T) {
	p := &programs{}
	must(t, p.setup(newSite("", Spec{})))
	must(t, p.exec())
	p.path = "/bin/false"
	if err := p.exec(); err == nil || !strings.Contains(err.Error(), "/bin/false ended with status") {
		t.Errorf("error %v", err)
	}
	p.path = "/nonexistent"
	if err := p.exec(); err == nil {
		t.Error("executed what is not there")
	}
	must(t, p.teardown())
}

// deletedFiles are the open files of this process that have no name below dir any more: SQLite's temporary files.
func deletedFiles(t *testing.T, dir string) int {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	must(t, err)
	n := 0
	for _, link := range links {
		target, _ := os.Readlink(link)
		if strings.HasPrefix(target, dir) && strings.HasSuffix(target, "(deleted)") {
			n++
		}
	}
	return n
}

func TestSortSpills(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SQLITE_TMPDIR", dir) // SQLite may have read it already: then the files lie in its default directory
	db, err := createDatabase(filepath.Join(dir, "x.db"), journalDelete, newSite("", Spec{}).Rand)
	must(t, err)
	rows, err := db.sort.Query(nil) //nolint:staticcheck // the driver's old form, without arguments
	must(t, err)
	if n := deletedFiles(t, "/"); n == 0 {
		t.Error("the sort is open and no temporary file is: it does not spill")
	}
	must(t, rows.Close())
	must(t, db.close())
}

func TestDatabasesDoNotGrow(t *testing.T) {
	dir := t.TempDir()
	d := &databases{}
	must(t, d.Setup(newSite(dir, Spec{Seed: 3})))
	size := func() int64 {
		must(t, d.wal.run("PRAGMA wal_checkpoint(TRUNCATE)"))
		var sum int64
		for _, name := range []string{"wal.db", "rollback.db"} {
			st, err := os.Stat(filepath.Join(dir, name))
			must(t, err)
			sum += st.Size()
		}
		return sum
	}
	for range 1000 {
		must(t, d.Do())
	}
	before := size()
	for range 1000 {
		must(t, d.Do())
	}
	if after := size(); after > before+before/4 {
		t.Errorf("%d bytes after 1000 transactions, %d after 2000", before, after)
	}
	must(t, d.Teardown())
	if _, err := os.Stat(filepath.Join(dir, "wal.db-wal")); !os.IsNotExist(err) {
		t.Errorf("-wal after the last close: %v", err)
	}
}

func TestJournalModes(t *testing.T) {
	dir := t.TempDir()
	d := &databases{}
	must(t, d.Setup(newSite(dir, Spec{})))
	must(t, d.wal.run("BEGIN IMMEDIATE"))
	must(t, d.rollback.run("BEGIN IMMEDIATE"))
	must(t, d.wal.run("UPDATE account SET balance = 1 WHERE id = 1"))
	must(t, d.rollback.run("UPDATE account SET balance = 1 WHERE id = 1"))
	for _, name := range []string{"wal.db-wal", "wal.db-shm", "rollback.db-journal"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	must(t, d.rollback.run("COMMIT"))
	if _, err := os.Stat(filepath.Join(dir, "rollback.db-journal")); !os.IsNotExist(err) {
		t.Errorf("-journal after the commit: %v", err)
	}
	must(t, d.wal.run("ROLLBACK"))
	must(t, d.Teardown())
}
