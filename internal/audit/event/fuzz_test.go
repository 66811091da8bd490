package event

import (
	"bytes"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// FuzzAssembler: whatever comes, every good record is in exactly one event of its own stamp, bytes add up, nothing panics.
func FuzzAssembler(f *testing.F) {
	a, b := lines(10, 5), lines(14, 6)
	f.Add([]byte(join(a...)+join(b...)), 3, 500)
	f.Add([]byte(join(a[0], b[0], a[4], b[4], a[2], a[1], a[3])), 1, 100)
	f.Add([]byte("node=a "+join(a...)+"type=EOE msg=audit(10.005:5):\n"+join(b[3])), 0, 0)
	f.Add([]byte("type=DAEMON_END msg=audit(1.000:9): op=terminate\n"+join(b...)), 2, 0)
	f.Fuzz(func(t *testing.T, in []byte, maxOpen, maxBytes int) {
		good, goodBytes := 0, int64(0)
		for r := record.NewReader(bytes.NewReader(in)); r.Scan(); {
			if r.Record().Bad == record.Good {
				good++
				goodBytes += r.Record().Length
			}
		}
		var g Gaps
		seen := map[int64]bool{}
		gotBytes := int64(0)
		opt := Options{MaxOpen: maxOpen % 100, MaxOpenBytes: maxBytes % 100000}
		for ev := range NewAssembler(opt).Events(record.NewReader(bytes.NewReader(in)), nil) {
			g.Add(ev)
			gotBytes += ev.LogBytes
			for n := range ev.Records {
				rec := &ev.Records[n]
				if seen[rec.Line] {
					t.Fatalf("line %d is in two events", rec.Line)
				}
				seen[rec.Line] = true
				if rec.Serial != ev.Serial || rec.Sec != ev.Sec || rec.Milli != ev.Milli || string(rec.Node) != ev.Node {
					t.Fatalf("line %d is in the event of %d.%d:%d", rec.Line, ev.Sec, ev.Milli, ev.Serial)
				}
			}
			if ev.Partial != (ev.Missing != "") || len(ev.Records) == 0 {
				t.Fatalf("got %+v", ev)
			}
		}
		if len(seen) != good || gotBytes != goodBytes {
			t.Fatalf("%d of %d records, %d of %d bytes are in events", len(seen), good, gotBytes, goodBytes)
		}
		g.Count()
	})
}

// FuzzGaps: serials and times in any order; the counts stay within what came.
func FuzzGaps(f *testing.F) {
	f.Add([]byte{1, 2, 3, 9, 4, 1, 1}, uint64(5), int64(1))
	f.Add([]byte{200, 0, 255, 3}, uint64(1<<32-100), int64(60000))
	f.Fuzz(func(t *testing.T, steps []byte, base uint64, pace int64) {
		var g Gaps
		milli := int64(0)
		for n, step := range steps {
			milli += pace % 100000
			g.Add(serialEvent("SYSCALL", "", milli, uint64(uint32(base+uint64(step)*uint64(n%7)))))
		}
		c := g.Count()
		if c.Events != uint64(len(steps)) || c.Duplicates+c.Late+c.Boots > c.Events {
			t.Fatalf("%d events: %+v", len(steps), c)
		}
		for _, s := range g.nodes {
			for n, o := range s.holes {
				if o.lo >= o.hi || n > 0 && s.holes[n-1].hi >= o.lo || o.hi > s.next || o.lo < s.first {
					t.Fatalf("holes %v of %d to %d", s.holes, s.first, s.next)
				}
			}
		}
	})
}
