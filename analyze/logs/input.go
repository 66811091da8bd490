package logs

import (
	"fmt"
	"os"
	"slices"
	"sync/atomic"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// Input is the records of all logs of an analysis, one file after the other. It is read by one goroutine; Progress may be called by others.
type Input struct {
	opt     Options
	sources []*source // oldest first
	closers []*os.File

	at      int // index of the source that is read
	current *opened
	reader  *record.Reader
	rec     *record.Record

	read    atomic.Int64
	bytes   int64 // of the sources before the current one, unpacked
	lines   int64
	mixed   bool // several hosts were remarked on
	carried int64
	skipped tally
	remarks []Remark
	err     error
	closed  bool
	second  bool // made by Reopen: the sources are another's
}

// Scan reads on to the next record and reports whether there was one. Lines that are none are counted in Skipped.
func (in *Input) Scan() bool {
	for in.err == nil && !in.closed {
		if in.current == nil && !in.next() {
			return false
		}
		for in.reader.Scan() {
			if rec := in.reader.Record(); rec.Bad == record.Good {
				rec.File = in.sources[in.at].name
				in.rec = rec
				if form := in.reader.Form(); form != record.Plain && form != record.Journal {
					in.carried++
				}
				return true
			}
			in.skipped.add(in.sources[in.at].name, in.reader.Record())
		}
		in.finish()
	}
	return false
}

// next begins the next source that can be begun.
func (in *Input) next() bool {
	for in.at < len(in.sources) {
		s := in.sources[in.at]
		o, err := s.open(&in.read)
		if err == nil {
			in.begin(o)
			return true
		}
		remark, fatal := s.judge(nil, err)
		in.note(s.name, remark, fatal)
		if fatal != nil {
			return false
		}
		in.at++
	}
	return false
}

func (in *Input) begin(o *opened) {
	in.current = o
	if in.reader == nil {
		in.reader = record.NewReader(o.log)
		in.reader.HostAsNode(in.opt.HostAsNode)
		return
	}
	in.reader.Reset(o.log)
}

// finish closes the source that has been read.
func (in *Input) finish() {
	s := in.sources[in.at]
	in.current.done()
	remark, fatal := s.judge(in.current, in.reader.Err())
	in.note(s.name, remark, fatal)
	if in.reader.SeveralHosts() && !in.opt.HostAsNode && !in.mixed {
		in.mixed = true
		in.remark(s.name, fmt.Errorf("%w: tell them apart with --host-as-node", ErrHosts))
	}
	in.bytes += in.reader.Bytes()
	in.lines += in.reader.Lines()
	in.reader.Reset(nil)
	in.current = nil
	in.at++
}

func (in *Input) note(name string, remark, fatal error) {
	if remark != nil {
		in.remark(name, remark)
	}
	if fatal != nil {
		in.err = fmt.Errorf("read %s: %w", name, withoutPath(fatal))
	}
}

// remark keeps what was not as it should be. A second reading finds most of what the first one found.
func (in *Input) remark(name string, err error) {
	r := Remark{File: name, Err: err}
	if !slices.ContainsFunc(in.remarks, func(o Remark) bool { return o.String() == r.String() }) {
		in.remarks = append(in.remarks, r)
	}
}

// Record returns the record that Scan found, valid until the next Scan. Its Line and Offset are those in its File, whose name is as it was
// given, "-" for standard input: hostile, to be escaped.
func (in *Input) Record() *record.Record { return in.rec }

// Err returns what ended the reading before the end, nil where nothing did. A damaged file does not: see Remarks.
func (in *Input) Err() error { return in.err }

// Bytes returns the length of all lines so far, unpacked and with their newlines: those of the records and those that were skipped.
func (in *Input) Bytes() int64 {
	if in.current == nil {
		return in.bytes
	}
	return in.bytes + in.reader.Bytes()
}

// Lines returns the number of lines so far.
func (in *Input) Lines() int64 {
	if in.current == nil {
		return in.lines
	}
	return in.lines + in.reader.Lines()
}

// Carried returns how many records so far came in lines of syslog or JSON, or in a text of the kernel's log. Who sent them does not show: every
// user of the host may write such lines (logger(1)). The journal says whom an entry is from, and those of others are skipped.
func (in *Input) Carried() int64 { return in.carried }

// Skipped returns the lines so far that are no record, by reason, in the order of their first lines.
func (in *Input) Skipped() []Skipped { return append([]Skipped(nil), in.skipped.list...) }

// Remarks returns what was remarkable so far.
func (in *Input) Remarks() []Remark { return append([]Remark(nil), in.remarks...) }

// Progress returns the bytes that were read, packed as they are, and how many there are to be read; 0 where a stream is among them.
func (in *Input) Progress() (done, total int64) {
	for _, s := range in.sources {
		if s.file == nil {
			return in.read.Load(), 0
		}
		total += s.size()
	}
	return in.read.Load(), total
}

// File is one of the logs of an Input.
type File struct {
	Name   string // as given, or found in a directory; "-" for standard input: hostile, to be escaped
	Bytes  int64  // packed as they are; 0 for a stream
	Format Format // of a stream: known when it is read
}

// Files returns the logs in the order in which they are read.
func (in *Input) Files() []File {
	var list []File
	for _, s := range in.sources {
		list = append(list, File{Name: s.name, Bytes: s.size(), Format: s.format})
	}
	return list
}

// CanReopen reports whether the input can be read a second time: of standard input and pipes that is known when they have been read. A copy
// is kept of them, packed, in a temporary file.
func (in *Input) CanReopen() bool {
	for _, s := range in.sources {
		if !s.readable() {
			return false
		}
	}
	return true
}

// Reopen returns an Input that reads the same bytes from the beginning, through the same descriptors: it is to be closed before in is.
// It has the remarks of in: what Open saw, and damage to a stream of which only the good part was kept, is not seen again.
// It fails with ErrStream where CanReopen is false, and with ErrChanged where a file was written anew since.
func (in *Input) Reopen() (*Input, error) {
	again := &Input{opt: in.opt, sources: in.sources, remarks: in.Remarks(), second: true}
	for _, s := range in.sources {
		if !s.readable() {
			return nil, fmt.Errorf("read %s again: %w; save it to a file first", s.name, ErrStream)
		}
		if s.file == nil {
			continue
		}
		if err := s.sameBytes(); err != nil {
			return nil, fmt.Errorf("read %s again: %w", s.name, err)
		}
	}
	return again, nil
}

// Close ends the reading and closes the files. It may be called more than once.
func (in *Input) Close() error {
	if in.current != nil {
		in.current.done()
		in.bytes, in.lines = in.Bytes(), in.Lines()
		in.current = nil
	}
	in.closed = true
	var first error
	for _, f := range in.closers {
		if err := f.Close(); err != nil && first == nil {
			first = err
		}
	}
	if !in.second {
		in.forget()
	}
	in.closers = nil
	return first
}

// forget gives up the copies of streams.
func (in *Input) forget() {
	for _, s := range in.sources {
		if s.kept != nil {
			s.kept.close()
		}
	}
}
