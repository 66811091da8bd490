package detect

import "strconv"

// Source is where a detection is from.
type Source uint8

// The sources.
const (
	FromBuiltin Source = iota
	FromKeep
	FromSigma
)

func (s Source) String() string { return [...]string{"built-in", "keep", "Sigma"}[s] }

// Detection is something that must be, or should be, seen: an event of any of its conditions.
type Detection struct {
	Name   string
	About  string // what it sees, one sentence; "" where the name says it
	Mitre  string // technique of MITRE ATT&CK, such as T1548.003; "" where it is not sure
	Source Source
	File   string // where it is written, "" for the built-in ones
	Line   int
	// Unclear are the parts that were not understood, of a Sigma rule: they are taken for true of every event.
	Unclear []string

	conds []Condition
}

// Hard tells whether no change may blind it. Sigma rules are only named.
func (d *Detection) Hard() bool { return d.Source != FromSigma }

// Conditions are the conditions in words, for a report.
func (d *Detection) Conditions() []string {
	var out []string
	for i := range d.conds {
		out = append(out, d.conds[i].String())
	}
	return out
}

// Place is file:line, "" for a built-in detection.
func (d *Detection) Place() string {
	if d.File == "" {
		return ""
	}
	return d.File + ":" + strconv.Itoa(d.Line)
}
