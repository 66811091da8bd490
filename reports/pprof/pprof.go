package pprof

import (
	"fmt"
	"io"
	"math"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/google/pprof/profile"
)

// maxFrame is how many columns of a rule or a name a frame shows.
const maxFrame = 120

// Write writes the profile, compressed.
func Write(w io.Writer, p *analyze.Profile) error { return write(w, build(p)) }

func write(w io.Writer, out *profile.Profile) error {
	if err := out.CheckValid(); err != nil {
		return fmt.Errorf("make a pprof profile: %w", err)
	}
	if err := out.Write(w); err != nil {
		return fmt.Errorf("write a pprof profile: %w", err)
	}
	return nil
}

func build(p *analyze.Profile) *profile.Profile {
	b := builder{at: map[frame]*profile.Location{}, most: mostOf(len(p.Cells)), out: &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "events", Unit: "count"}, {Type: "records", Unit: "count"}, {Type: "bytes", Unit: "bytes"}},
		PeriodType: &profile.ValueType{Type: "events", Unit: "count"}, Period: 1,
		DefaultSampleType: "bytes",
	}}
	b.setTime(p.Window)
	for _, c := range p.Cells {
		b.add(p, c)
	}
	return b.out
}

// builder collects samples and gives equal frames one location.
type builder struct {
	out *profile.Profile
	at  map[frame]*profile.Location
	// most is what no value is above, so that no sum of them is above what int64 holds.
	most int64
}

// mostOf is the largest value of each of n samples.
func mostOf(n int) int64 { return math.MaxInt64 / int64(max(n, 1)) }

func (b *builder) count(n uint64) int64 { return int64(min(n, uint64(b.most))) }

// whole is a figure as a whole number, 0 for one that is none.
func (b *builder) whole(v float64) int64 {
	switch {
	case v >= float64(b.most): // the float may be above the number
		return b.most
	case v > 0:
		return min(int64(math.Round(v)), b.most)
	}
	return 0
}

// frame is one level of a stack.
type frame struct {
	kind string
	name string
	file string
	line int
}

// yearTenThousand is where times end: nanoseconds of later ones do not fit.
const yearTenThousand = 253402300800

func (b *builder) setTime(w analyze.Window) {
	const second = 1_000_000_000
	if w.FirstSec < 0 || w.LastSec < w.FirstSec || w.LastSec > yearTenThousand/32 {
		return
	}
	b.out.TimeNanos, b.out.DurationNanos = w.FirstSec*second, (w.LastSec-w.FirstSec)*second
}

func (b *builder) add(p *analyze.Profile, c analyze.Cell) {
	value := []int64{0, b.count(c.Records), b.count(c.Bytes)}
	if countsEvents(c.Type, c.Syscall) {
		value[0] = b.count(c.Events)
	}
	b.out.Sample = append(b.out.Sample, &profile.Sample{Value: value, Location: []*profile.Location{
		b.location(frame{kind: "type", name: shown(c.Type, "(no type)")}),
		b.location(frame{kind: "syscall", name: shown(c.Syscall, "(no syscall)")}),
		b.location(frame{kind: "exe", name: shown(c.Exe, "(no program named)")}),
		b.location(root(p, c)),
	}})
}

// countsEvents tells whether a cell's events are not in another cell too: those of a call are in the cells of all its records.
func countsEvents(recordType, syscall string) bool {
	return syscall == "" || recordType == "SYSCALL" || recordType == "URINGOP"
}

// root is the rule, or the origin of what no rule recorded.
func root(p *analyze.Profile, c analyze.Cell) frame {
	if c.Rule < 0 || c.Rule >= len(p.Rules) {
		return frame{kind: "origin", name: "(" + c.Origin.String() + ")"}
	}
	r := p.Rules[c.Rule]
	file := escape.Line(r.File)
	if r.Line <= 0 {
		return frame{kind: "rule", name: shown(r.File+" "+r.Text, ""), file: file}
	}
	return frame{kind: "rule", name: shown(fmt.Sprintf("%s:%d %s", r.File, r.Line, r.Text), ""), file: file, line: r.Line}
}

func shown(name, absent string) string {
	if name == "" {
		return absent
	}
	return escape.Cut(escape.Line(name), maxFrame)
}

// location is the place of a frame. The system name is not the name, so that no reader takes a path for a mangled symbol and takes it apart.
func (b *builder) location(f frame) *profile.Location {
	if at := b.at[f]; at != nil {
		return at
	}
	id := uint64(len(b.out.Location) + 1)
	fn := &profile.Function{ID: id, Name: f.name, SystemName: f.kind + ":" + f.name, Filename: f.file, StartLine: int64(f.line)}
	at := &profile.Location{ID: id, Line: []profile.Line{{Function: fn, Line: int64(f.line)}}}
	b.out.Function = append(b.out.Function, fn)
	b.out.Location = append(b.out.Location, at)
	b.at[f] = at
	return at
}
