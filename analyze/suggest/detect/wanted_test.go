package detect

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/hostlog"
	"github.com/klauspost/compress/zstd"
)

// rowsOf are the events of a log.
func rowsOf(t testing.TB, text []byte) []*analyze.Row {
	t.Helper()
	var out []*analyze.Row
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader(text)), nil) {
		row := new(analyze.Row)
		c := new(event.Call)
		if ev = ev.Clone(); !c.Read(ev) {
			c = nil
		}
		row.Fill(ev, c)
		out = append(out, row)
	}
	return out
}

// checkWanted holds Wanted, which looks things up, against asking every condition.
func checkWanted(t *testing.T, s *Set, rows []*analyze.Row) (wanted int) {
	t.Helper()
	seen := make([]uint64, len(s.detections))
	for _, row := range rows {
		is := false
		_, sure := s.sighted(row.Event, row.Call)
		for d, yes := range sure {
			if yes && s.detections[d].Hard() {
				is = true
				seen[d]++
			}
		}
		if got := s.Wanted(row); got != is {
			t.Fatalf("wanted: %v, asking all says %v\n%s", got, is, row.First.Raw)
		}
		if is {
			wanted++
		}
	}
	for d, n := range s.Seen() {
		if n != seen[d] {
			t.Errorf("%s: %d events counted, asking all says %d", s.detections[d].Name, n, seen[d])
		}
	}
	return wanted
}

func TestWantedOnRandomEvents(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	kept, all := 0, 0
	for range 20 {
		keeps, err := readYAML("random.yaml", randomKeep(rng, 4), Host{}, FromKeep)
		if err != nil {
			t.Fatal(err)
		}
		sigma, err := ReadSigma("testdata/sigma", Host{})
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for i := range 500 {
			text.WriteString(strings.ReplaceAll(happen(rng).text(`"all"`), ":77):", ":"+strconv.Itoa(1000+i)+"):"))
		}
		rows := rowsOf(t, []byte(text.String()))
		if len(rows) != 500 {
			t.Fatalf("%d events", len(rows))
		}
		kept += checkWanted(t, New(Host{}, nil, Builtin(Host{}), keeps, sigma.Detections), rows)
		all += len(rows)
		if n := checkWanted(t, New(Host{}, nil, Builtin(Host{})), rows); n == 0 || n == len(rows) {
			t.Errorf("%d of %d events are of the built-in list", n, len(rows))
		}
	}
	if kept == 0 || kept == all {
		t.Errorf("%d of %d events are wanted: the test sees nothing", kept, all)
	}
}

// TestNoiseIsNotWanted: what hosts do all day is none of the built-in detections; what an administrator does there is.
func TestNoiseIsNotWanted(t *testing.T) {
	set := New(Host{}, nil, Builtin(Host{}))
	rows := rowsOf(t, hostlog.Text(hostlog.Options{Seed: 1, Hosts: 2, Named: true, Days: 2, Bytes: 4 << 20}))
	checkWanted(t, set, rows)
	noise := []string{hostlog.PostgresExe, "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/sbin/nginx", "/usr/sbin/chronyd", "/usr/bin/python3.11"}
	quiet := 0
	for _, row := range rows {
		is := set.Wanted(row)
		for _, exe := range noise {
			if string(row.Exe.Text) == exe {
				quiet++
				if is {
					t.Errorf("wanted: %s", row.First.Raw)
				}
			}
		}
	}
	if quiet*2 < len(rows) {
		t.Errorf("only %d of %d events are noise: the test sees nothing", quiet, len(rows))
	}
	for d, n := range set.Seen() {
		t.Log(set.Detections()[d].Name, n)
	}
}

// TestWantedOnRecordedLogs reads the recorded logs, where they are.
func TestWantedOnRecordedLogs(t *testing.T) {
	dir := os.Getenv("AUDITPROF_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	logs, err := filepath.Glob(filepath.Join(dir, "recorded", "audit.log.zst"))
	if err != nil || len(logs) == 0 {
		t.Skip("there are no recorded logs: AUDITPROF_CORPUS names no folder with recorded/audit.log.zst")
	}
	for _, name := range logs {
		packed, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		dec, err := zstd.NewReader(nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := dec.DecodeAll(packed, nil)
		dec.Close()
		if err != nil {
			t.Fatal(err)
		}
		set := New(Host{}, nil, Builtin(Host{}))
		rows := rowsOf(t, text[:min(len(text), 8<<20)])
		n := checkWanted(t, set, rows)
		t.Logf("%s: %d of %d events are wanted", filepath.Base(filepath.Dir(name)), n, len(rows))
		for d, n := range set.Seen() {
			if n > 0 {
				t.Logf("    %s: %d", set.Detections()[d].Name, n)
			}
		}
	}
}

// BenchmarkWanted is one event of a busy host.
func BenchmarkWanted(b *testing.B) {
	rows := rowsOf(b, hostlog.Text(hostlog.Options{Seed: 1, Days: 1, Bytes: 4 << 20}))
	set := New(Host{}, nil, Builtin(Host{}))
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		set.Wanted(rows[i%len(rows)])
	}
}

// BenchmarkLosses is one change against the built-in list and the Sigma rules of testdata.
func BenchmarkLosses(b *testing.B) {
	sigma, err := ReadSigma("testdata/sigma", Host{})
	if err != nil {
		b.Fatal(err)
	}
	set := New(Host{}, nil, Builtin(Host{}), sigma.Detections)
	c := never("open,openat", "exe=/usr/lib/postgresql/16/bin/postgres", "uid=26", "auid=4294967295", "success=1", "dir=/var/lib/postgresql/16/main")
	b.ReportAllocs()
	for range b.N {
		set.Losses(c)
	}
}
