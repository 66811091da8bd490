package gate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/auditprof/auditprof/bench/result"
)

// BaselineSchema names the version of a Baseline's JSON (docs/baseline.schema.json).
const BaselineSchema = "auditprof/baseline/1"

// maxBaselineBytes bounds what DecodeBaseline reads.
const maxBaselineBytes = 16 << 20

// Baseline is the exact figures of a rule set: they are the same on another machine, so a repository can hold them.
type Baseline struct {
	Schema    string              `json:"schema"`
	Scenarios map[string]Volumes  `json:"scenarios"`
	Log       *Volumes            `json:"log,omitempty"`
	RuleSet   map[string]Rounded4 `json:"rule_set,omitempty"` // rules, rules_passed/SYSCALL
}

// Volumes are figures of one workload per operation, or of the recorded logs as a whole.
type Volumes struct {
	Definition string       `json:"definition,omitempty"` // SHA-256 of the workload's file, where a user defined it
	Total      Volume       `json:"total"`
	Rules      []RuleVolume `json:"rules"` // by text
}

// Volume is what was written: of a workload per operation, of a log as a whole.
type Volume struct {
	Events  Rounded4 `json:"events"`
	Records Rounded4 `json:"records"`
	Bytes   Rounded4 `json:"bytes"`
}

// RuleVolume is that of one rule.
type RuleVolume struct {
	Rule string `json:"rule"`
	Volume
}

// Rounded4 is a number that is written with four significant digits: what differs by less is the same, and a review shows what changed.
type Rounded4 float64

// MarshalJSON writes the number.
func (r Rounded4) MarshalJSON() ([]byte, error) {
	v := float64(r)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, fmt.Errorf("the number %v is none", v)
	}
	return strconv.AppendFloat(nil, rounded4(v), 'f', -1, 64), nil
}

// rounded4 is a number with four significant digits.
func rounded4(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	if err != nil { // beyond the largest number
		return v
	}
	return r
}

// rounded is a figure of a baseline's file.
func rounded(of Dimension, v Rounded4) Figure {
	f := exact(of, rounded4(float64(v)), 1)
	f.Rounded = true
	return f
}

// BaselineOf keeps what is exact of figures.
func BaselineOf(f *Figures) *Baseline {
	b := &Baseline{Schema: BaselineSchema, Scenarios: map[string]Volumes{}}
	for i := range f.Scenarios {
		b.Scenarios[f.Scenarios[i].Name] = volumesOf(&f.Scenarios[i], result.EventsPerOp, RecordsPerOp, result.LogBytesPerOp)
	}
	if f.Log != nil {
		v := volumesOf(f.Log, result.Events, result.Records, result.LogBytes)
		b.Log = &v
	}
	if f.Rules != nil {
		b.RuleSet = map[string]Rounded4{}
		for name, figure := range f.Rules.Figures {
			b.RuleSet[name] = Rounded4(figure.Value)
		}
	}
	return b
}

func volumesOf(s *Subject, events, records, size string) Volumes {
	volume := func(m map[string]Figure) Volume {
		return Volume{Rounded4(m[events].Value), Rounded4(m[records].Value), Rounded4(m[size].Value)}
	}
	v := Volumes{Definition: s.Definition, Total: volume(s.Figures), Rules: []RuleVolume{}}
	for i := range s.Rules {
		v.Rules = append(v.Rules, RuleVolume{normal(s.Rules[i].Text), volume(s.Rules[i].Figures)})
	}
	slices.SortFunc(v.Rules, func(a, b RuleVolume) int { return bytes.Compare([]byte(a.Rule), []byte(b.Rule)) })
	return v
}

// Write writes the baseline as JSON: sorted, indented, one number a line.
func (b *Baseline) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(b)
}

// DecodeBaseline reads what Write wrote, up to 16 MiB.
func DecodeBaseline(r io.Reader) (*Baseline, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBaselineBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxBaselineBytes {
		return nil, fmt.Errorf("more than %d bytes: no baseline is that large", maxBaselineBytes)
	}
	b := &Baseline{}
	if err := json.Unmarshal(data, b); err != nil {
		return nil, fmt.Errorf("this is no baseline: %w", err)
	}
	if b.Schema != BaselineSchema {
		return nil, fmt.Errorf("it has schema %s, this auditprof reads %s: write it anew with auditprof gate baseline", quote(b.Schema), quote(BaselineSchema))
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	return b, nil
}

// check refuses counts below nothing: limits relative to them would say what nobody means.
func (b *Baseline) check() error {
	f := b.Figures()
	for _, s := range append(slices.Clone(f.Scenarios), deref(f.Log), deref(f.Rules)) {
		for _, name := range sortedKeys(s.Figures) {
			if s.Figures[name].Value < 0 {
				return fmt.Errorf("%s of %s is below 0: write it anew with auditprof gate baseline", shown(name), quote(s.Name))
			}
		}
		for _, r := range s.Rules {
			for _, name := range sortedKeys(r.Figures) {
				if r.Figures[name].Value < 0 {
					return fmt.Errorf("%s of %s in %s is below 0: write it anew with auditprof gate baseline", shown(name), quote(r.Text), quote(s.Name))
				}
			}
		}
	}
	return nil
}

func deref(s *Subject) Subject {
	if s == nil {
		return Subject{}
	}
	return *s
}

// Figures are what limits relative to the baseline are of.
func (b *Baseline) Figures() *Figures {
	out := &Figures{}
	for _, name := range sortedKeys(b.Scenarios) {
		v := b.Scenarios[name]
		out.Scenarios = append(out.Scenarios, v.subject(name, result.EventsPerOp, RecordsPerOp, result.LogBytesPerOp))
	}
	if b.Log != nil {
		s := b.Log.subject(SectionLog, result.Events, result.Records, result.LogBytes)
		out.Log = &s
	}
	if b.RuleSet != nil {
		out.Rules = &Subject{Name: SectionRules, Figures: map[string]Figure{}}
		for name, v := range b.RuleSet {
			out.Rules.Figures[name] = rounded(Plain, v)
		}
	}
	return out
}

func (v *Volumes) subject(name, events, records, size string) Subject {
	figures := func(v Volume) map[string]Figure {
		return map[string]Figure{events: rounded(Plain, v.Events), records: rounded(Plain, v.Records), size: rounded(Size, v.Bytes)}
	}
	s := Subject{Name: name, Definition: v.Definition, Figures: figures(v.Total)}
	for _, r := range v.Rules {
		s.Rules = append(s.Rules, RuleFigures{Text: r.Rule, Key: keyOf(r.Rule), Figures: figures(r.Volume)})
	}
	return s
}
