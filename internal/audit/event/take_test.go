package event

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// textOf is all that a log would show of an event.
func textOf(ev *Event) string {
	var all []string
	for n := range ev.Records {
		rec := &ev.Records[n]
		all = append(all, fmt.Sprintf("%s|%s|%s", rec.Raw, rec.Type, rec.Body))
	}
	return strings.Join(all, "\n")
}

// Events of Take stay as they are while others are assembled, and those given back are used again, empty.
func TestTakenEventsStay(t *testing.T) {
	a := NewAssembler(Options{})
	var held []*Event
	var want []string
	seen := map[*Event]bool{}
	again := 0
	for n := range 1000 {
		for _, l := range lines(10+n/100, n) {
			push(t, a, l)
		}
		ev := a.Take()
		if ev == nil || len(ev.Records) != 5 || ev.Serial != uint64(n) {
			t.Fatalf("event %d: got %+v", n, ev)
		}
		if seen[ev] {
			again++
		}
		seen[ev] = true
		held, want = append(held, ev), append(want, textOf(ev))
		if len(held) < 50 {
			continue
		}
		for i, ev := range held {
			if textOf(ev) != want[i] {
				t.Fatalf("a held event has become\n%s\nfrom\n%s", textOf(ev), want[i])
			}
		}
		a.Give(held[:25]...)
		held, want = append([]*Event(nil), held[25:]...), append([]string(nil), want[25:]...)
	}
	if a.Take() != nil {
		t.Error("one too many")
	}
	if again < 900 || len(seen) > 100 {
		t.Errorf("memory of %d events, %d used again", len(seen), again)
	}
}

// Next after Take and Take after Next give the events in order, each once.
func TestTakeAndNextMix(t *testing.T) {
	a := NewAssembler(Options{})
	for n := range 6 {
		for _, l := range lines(10, n) {
			push(t, a, l)
		}
	}
	var got []uint64
	for n := range 6 {
		if n%2 == 0 {
			got = append(got, a.Next().Serial)
		} else {
			got = append(got, a.Take().Serial)
		}
	}
	if want := []uint64{0, 1, 2, 3, 4, 5}; !reflect.DeepEqual(got, want) || len(a.spare) != 3 {
		t.Errorf("got %v, %d to spare", got, len(a.spare))
	}
}

func TestSpareMemoryIsBounded(t *testing.T) {
	a := NewAssembler(Options{})
	var held []*Event
	for n := range 20000 {
		held = append(held, &Event{text: make([]byte, 0, 1000), Records: make([]record.Record, 0, n%5), syscallAt: -1})
	}
	a.Give(held...)
	sum := 0
	for _, ev := range a.spare {
		sum += ev.heldBytes()
	}
	if sum != a.spareBytes || sum > maxSpareBytes || sum < maxSpareBytes/2 {
		t.Errorf("%d bytes to spare, counted as %d", sum, a.spareBytes)
	}
}

// Stamps that differ in one part only are different events, also where they share a chain.
func TestOpenIndex(t *testing.T) {
	x := newOpenIndex(4) // few chains
	var all []*record.Record
	for n := range 64 {
		rec := &record.Record{Sec: int64(n & 3), Milli: n >> 2 & 3, Serial: uint64(n >> 4 & 1)}
		if n>>5 == 1 {
			rec.Node = []byte("host")
		}
		all = append(all, rec)
		if x.find(rec) != nil {
			t.Fatalf("%d is there before it was added", n)
		}
		x.add(&Event{Node: string(rec.Node), Sec: rec.Sec, Milli: rec.Milli, Serial: rec.Serial, LogBytes: int64(n)})
	}
	for n, rec := range all {
		ev := x.find(rec)
		if ev == nil || ev.LogBytes != int64(n) {
			t.Fatalf("%d: found %+v", n, ev)
		}
		x.remove(ev)
		if x.find(rec) != nil || x.count != 63-n {
			t.Fatalf("%d is still there, %d left", n, x.count)
		}
	}
}
