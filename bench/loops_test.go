package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
)

func TestLoopsAnswerEachOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := LoopMain(path, strings.NewReader("getppid 10 3\nstat 10 3\n"), &out); code != 0 {
		t.Fatalf("exit %d: %s", code, out.String())
	}
	lines := strings.Fields(out.String())
	if len(lines) != 2 {
		t.Fatalf("answers %q", lines)
	}
	for _, l := range lines {
		if ns, err := strconv.ParseFloat(l, 64); err != nil || ns <= 0 {
			t.Errorf("answer %q: %v", l, err)
		}
	}
	if statBuffer.Mode&0o777 != 0o600 {
		t.Errorf("the file was not looked up: mode %o", statBuffer.Mode)
	}
}

func TestLoopsRefuseOtherOrders(t *testing.T) {
	for _, order := range []string{"", "getppid", "getppid 10", "read 10 3", "getppid 0 3", "getppid 10 0", "getppid -1 3", "stat 99999999 3", "stat 10 99999", "stat x 3"} {
		var out bytes.Buffer
		if code := LoopMain("/", strings.NewReader(order+"\n"), &out); code == 0 || !strings.HasPrefix(out.String(), "error:") {
			t.Errorf("%q: exit %d, %s", order, code, out.String())
		}
	}
}

func TestNeighbourSharesTheBucket(t *testing.T) {
	f, path, err := makeLoopFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if f.Neighbour == "" {
		t.Skip("no file of 1280 has an inode number in the same bucket: this file system gives none of its own")
	}
	a, err1 := inodeOf(path)
	b, err2 := inodeOf(f.Neighbour)
	if err1 != nil || err2 != nil || a == b || a%match.InodeBuckets != b%match.InodeBuckets {
		t.Errorf("inodes %d and %d: %v, %v", a, b, err1, err2)
	}
}
