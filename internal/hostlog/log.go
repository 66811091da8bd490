package hostlog

import (
	"bytes"
	"io"
	"math"
	"math/rand/v2"
	"strings"
)

// Log is the text of one log, made as it is read.
type Log struct {
	o       Options
	streams []*stream
	end     int64 // milliseconds since 1970
	made    int64
	buf     []byte
	at      int // read so far of buf
}

// stream is who makes events on one host.
type stream struct {
	host *host
	next int64          // milliseconds since 1970 of its next event
	make func() []Event // and moves next on
}

// New is a log that has not begun.
func New(o Options) *Log {
	l := &Log{o: o.complete()}
	l.end = Start*1000 + int64(l.o.Days*86_400_000)
	var hosts []*host
	for i := range l.o.Hosts {
		h := newHost(l.o, i)
		hosts = append(hosts, h)
		s := &stream{host: h, next: Start * 1000}
		s.make = func() []Event {
			now := s.next
			s.next += h.gap(now)
			return h.events(now)
		}
		l.streams = append(l.streams, s)
	}
	for i, g := range l.o.Guests {
		if g.Events > 0 && g.Host < len(hosts) {
			l.streams = append(l.streams, g.stream(hosts[g.Host], rand.New(rand.NewPCG(l.o.Seed, uint64(1000+i)))))
		}
	}
	return l
}

func (g Guest) stream(h *host, r *rand.Rand) *stream {
	from := Start*1000 + g.From*86_400_000
	step := (g.Till - g.From) * 86_400_000 / float64(g.Events)
	s, i := &stream{host: h, next: int64(from)}, 0
	s.make = func() []Event {
		e := g.Make(i, r)
		if i++; i == g.Events {
			s.next = math.MaxInt64
		} else {
			s.next = int64(from + float64(i)*step)
		}
		return []Event{e}
	}
	return s
}

// daemonSerial is auditd's own, which is no number of the kernel's.
const daemonSerial = 4921

// Read gives the next bytes of the log.
func (l *Log) Read(p []byte) (int, error) {
	for l.at == len(l.buf) {
		if !l.more() {
			return 0, io.EOF
		}
	}
	n := copy(p, l.buf[l.at:])
	l.at += n
	return n, nil
}

// more makes the next events. It reports false at the end.
func (l *Log) more() bool {
	s := l.streams[0]
	for _, o := range l.streams[1:] {
		if o.next < s.next {
			s = o
		}
	}
	if s.next >= l.end || l.o.Bytes > 0 && l.made >= l.o.Bytes {
		return false
	}
	l.buf, l.at = l.buf[:0], 0
	s.host.milli = max(s.host.milli, s.next)
	for i, e := range s.make() {
		if i > 0 {
			s.host.milli += 2
		}
		at := stamp{s.host.node, s.host.milli, daemonSerial}
		if !strings.HasPrefix(e.Message, "DAEMON_") {
			s.host.serial++
			at.serial = s.host.serial
		}
		l.buf = e.appendTo(l.buf, at)
	}
	l.made += int64(len(l.buf))
	return true
}

// Text is a whole log.
func Text(o Options) []byte {
	var b bytes.Buffer
	_, _ = b.ReadFrom(New(o)) // neither fails
	return b.Bytes()
}
