package main

import (
	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// headRecords is how much of a log is read before the rules are: about 1 MiB, in which most logs say who writes them.
const headRecords = 4096

// headedLog is a log of which the first records were read already and come again. Standard input has no other second time. The zero head is
// none.
type headedLog struct {
	analyze.Log
	head []*record.Record
	next int
}

// readHead reads the first records of a log, and what they tell of the host.
func readHead(log analyze.Log) (*headedLog, *witness) {
	h, seen := &headedLog{Log: log}, &witness{}
	asm := event.NewAssembler(event.Options{})
	for len(h.head) < headRecords && log.Scan() {
		h.head = append(h.head, log.Record().Clone())
		asm.Push(log.Record())
		seen.take(asm)
	}
	asm.Flush()
	seen.take(asm)
	return h, seen
}

// Scan goes on to the next record, first through those that were read already.
func (h *headedLog) Scan() bool {
	if h.next < len(h.head) {
		h.next++
		return true
	}
	if h.next > 0 {
		h.head, h.next = nil, 0
	}
	return h.Log.Scan()
}

// Record is the record that Scan found.
func (h *headedLog) Record() *record.Record {
	if h.next > 0 {
		return h.head[h.next-1]
	}
	return h.Log.Record()
}
