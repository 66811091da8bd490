package probe

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// Session watches until it is stopped.
type Session struct {
	loaded *loaded
	clocks tickers
	names  symbols
	levels []string
	notes  []string
}

// Start watches the targets. A level that this machine does not allow is a note of the result, not an error: the error is that a target is not
// there (ErrTargets), and nothing is left in the kernel then.
func Start(t Targets) (*Session, error) {
	s := &Session{}
	l, spec, err := loadMaps()
	if err != nil {
		s.missing(Syscalls, err)
		return s, nil
	}
	s.loaded = l
	for _, level := range []string{Syscalls, Scheduler} {
		if err := l.attach(spec, level); err != nil {
			s.missing(level, err)
			continue
		}
		s.levels = append(s.levels, level)
	}
	if err := s.startSamples(spec); err != nil {
		s.missing(Samples, err)
	} else {
		s.levels = append(s.levels, Samples)
	}
	if err := t.watch(l.maps.Maps[watchMapThreads]); err != nil {
		return nil, errors.Join(err, s.end())
	}
	return s, nil
}

func (s *Session) missing(level string, err error) {
	s.notes = append(s.notes, fmt.Sprintf("no %s: %s", level, firstLine(err)))
}

func (s *Session) startSamples(spec *ebpf.CollectionSpec) error {
	names, err := readSymbols()
	if err != nil {
		return err
	}
	part, err := s.loaded.programs(spec, watchProgOnTick)
	if err != nil {
		return err
	}
	s.names = names
	s.clocks, err = startTickers(part.Programs[watchProgOnTick])
	return err
}

// Stop ends the session, leaves nothing of it in the kernel, and tells what it saw.
func (s *Session) Stop() (*Seen, error) {
	seen := &Seen{Levels: s.levels, Notes: s.notes, Calls: map[int]Calls{}}
	if s.loaded == nil {
		return seen, nil
	}
	err := s.loaded.detach()
	now, cerr := monotonic()
	err = errors.Join(err, cerr, s.clocks.stop())
	s.clocks = nil
	err = errors.Join(err, s.read(seen, now))
	return seen, errors.Join(err, s.end())
}

func (s *Session) read(seen *Seen, now uint64) (err error) {
	m := s.loaded.maps.Maps
	if seen.Calls, err = readCalls(m[watchMapAllCalls]); err != nil {
		return err
	}
	turns, err := readTurns(m[watchMapAllTurns], m[watchMapThreads], now)
	if err != nil {
		return err
	}
	seen.Workload, seen.Auditd, seen.Kauditd = turns[workload], turns[auditd], turns[kauditd]
	places, err := readTicks(m[watchMapTicks], s.names)
	if err != nil {
		return err
	}
	seen.WorkloadSamples, seen.AuditdSamples, seen.KauditdSamples = places[workload], places[auditd], places[kauditd]
	return s.readUnwatched(seen)
}

// noRoom says what had no room, as bpf/watch.bpf.c counts it.
var noRoom = [...]string{"threads or children were not watched: the maps were full", "samples were not counted: the maps were full"}

// readUnwatched notes what had no room.
func (s *Session) readUnwatched(seen *Seen) error {
	for i, what := range noRoom {
		var cpus []uint64
		if err := s.loaded.maps.Maps[watchMapUnwatched].Lookup(uint32(i), &cpus); err != nil {
			return fmt.Errorf("read what had no room: %w", err)
		}
		var n uint64
		for _, c := range cpus {
			n += c
		}
		if n > 0 {
			seen.Notes = append(seen.Notes, fmt.Sprintf("%d %s", n, what))
		}
	}
	return nil
}

// end takes everything out of the kernel.
func (s *Session) end() error {
	err := errors.Join(s.clocks.stop(), s.loaded.close())
	s.clocks = nil
	return err
}

// monotonic is the clock of bpf_ktime_get_ns.
func monotonic() (uint64, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return 0, fmt.Errorf("read the clock: %w", err)
	}
	return uint64(t.Nano()), nil
}

// firstLine is an error without the verifier's log.
func firstLine(err error) string {
	text := err.Error()
	for i, r := range text {
		if r == '\n' || i > 300 {
			return text[:i] + "…"
		}
	}
	return text
}
