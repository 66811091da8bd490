package analyze

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/klauspost/compress/zstd"
)

// randomRow makes rows out of few or many different names, as wild says: 0 is a host at rest, 1 one under attack.
type randomRow struct {
	*rand.Rand
	wild  int // how many of each kind there are
	sec   int64
	rules int
	row   Row
}

func newRandomRow(seed uint64, wild, rules int) *randomRow {
	return &randomRow{Rand: rand.New(rand.NewPCG(seed, 7)), wild: wild, sec: 1_700_000_000, rules: rules}
}

func quoted(s string) record.Value { return record.Value{Text: []byte(s), Quote: '"'} }

func (g *randomRow) next() *Row {
	r := &g.row
	if g.IntN(20) == 0 {
		g.sec += int64(g.IntN(3)) - 1
	}
	*r = Row{Records: r.Records[:0], Sec: g.sec, Serial: uint64(g.Uint32()), Has: HasSyscall | HasPID | HasPPID | HasUID | HasAUID | HasSes | HasExe | HasKey,
		Arch: names.ArchX86_64, Syscall: uint32(g.IntN(330)), PID: uint32(g.IntN(g.wild)), PPID: uint32(g.IntN(g.wild)),
		UID: uint32(g.IntN(g.wild)), AUID: 1<<32 - 1, Ses: uint32(g.IntN(g.wild)), Node: "host"}
	r.Exe = quoted(fmt.Sprintf("/usr/bin/program-%d", g.IntN(g.wild)))
	r.Key = quoted(fmt.Sprintf("key-%d", g.IntN(g.wild)))
	r.Path = fmt.Appendf(nil, "/srv/data-%d/%d/file", g.IntN(g.wild), g.IntN(9))
	for range 1 + g.IntN(5) {
		n := RecordSize{uint16(1300 + g.IntN(8)), uint32(50 + g.IntN(300))}
		r.Records = append(r.Records, n)
		r.LogBytes += uint64(n.Bytes)
	}
	switch g.IntN(4) {
	case 0:
		r.Decision = Decision{Undecided, NoRule}
		r.Candidates, r.Why = []int{NoRule, g.IntN(g.rules)}, match.WhyFD
	case 1:
		r.Decision = Decision{KernelMade, NoRule}
		r.Has, r.Path = 0, nil
	default:
		r.Decision = Decision{Rules, g.IntN(g.rules)}
	}
	return r
}

// corpus is the folder of real logs, which is no part of this repository.
func corpus(t testing.TB) string {
	dir := os.Getenv("AUDITPROF_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus of real logs: set AUDITPROF_CORPUS to the folder with logs/ and recorded/ (%v)", err)
	}
	return dir
}

// recorded is a log of 215,673 lines that auditd 3.0.9 wrote on Linux 6.18.
func recorded(t testing.TB) []byte {
	packed, err := os.ReadFile(filepath.Join(corpus(t), "recorded", "audit.log.zst"))
	if err != nil {
		t.Skipf("no recorded log: %v", err)
	}
	dec, err := zstd.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	text, err := io.ReadAll(dec)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// recordedRows are rows of the first events of the recorded log, each given to the rule of its key.
func recordedRows(t testing.TB, most int) (rows []Row, rules []RuleID) {
	rule := map[string]int{}
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader(recorded(t))), nil) {
		ev = ev.Clone()
		var c event.Call
		var r Row
		if c.Read(ev) {
			r.Fill(ev, &c)
			key := string(r.Key.Text)
			n, ok := rule[key]
			if !ok {
				n = len(rules)
				rule[key] = n
				rules = append(rules, RuleID{"a.rules", n + 1, "-a always,exit -S all -k " + key})
			}
			r.Decision = Decision{Rules, n}
		} else {
			r.Fill(ev, nil)
			r.Decision = Decision{KernelMade, NoRule}
		}
		if rows = append(rows, r); len(rows) == most {
			break
		}
	}
	return rows, rules
}
