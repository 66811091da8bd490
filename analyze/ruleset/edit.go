package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// LiveFile is what the rules of a live kernel are called as text: they have no file.
const LiveFile = "auditprof.rules"

// Text is all that was read: the files in order, and the lines in the order in which auditctl executes them. The text of a listing has the
// escapes of a rule file. It must not be changed.
func (s *Source) Text() *rule.Set {
	sets := make([]*rule.Set, len(s.parts))
	for i, p := range s.parts {
		sets[i] = p.set
	}
	return rule.Join(sets...)
}

// Origin is where the text of a file comes from.
type Origin uint8

// The origins.
const (
	FromFile   Origin = iota // a rule file, which holds this very text
	FromStream               // rule text of standard input: no file holds it
	FromKernel               // what auditctl -l printed, or a live kernel lists
)

// Origins tells for each of the files of Text where it comes from.
func (s *Source) Origins() []Origin {
	var out []Origin
	for _, p := range s.parts {
		for range p.set.Files {
			out = append(out, p.origin)
		}
	}
	return out
}

// Edited is the source with other text in its files, one for each of Text. Which files there are, and how each is read, stays as it is.
// Lines that auditctl's grammar refuses are kept for Compile to report, as by Open.
func (s *Source) Edited(texts []string) (*Source, error) {
	if n := len(s.Files()); n != len(texts) {
		return nil, fmt.Errorf("edit %d rule files: %d texts", n, len(texts))
	}
	out := &Source{}
	for _, p := range s.parts {
		n := len(p.set.Files)
		edited, err := p.edited(texts[:n])
		if err != nil {
			return nil, err
		}
		out.parts, texts = append(out.parts, edited), texts[n:]
	}
	return out, nil
}

func (p part) edited(texts []string) (out part, err error) {
	if p.dir {
		list := make([]rule.Text, len(texts))
		for i, f := range p.set.Files {
			list[i] = rule.Text{Name: f.Name, Text: texts[i]}
		}
		out, err = keepBad(rule.ParseDirTexts(list))
	} else {
		out, err = keepBad(rule.ParseFile(p.set.Files[0].Name, strings.NewReader(texts[0])))
	}
	out.dir, out.listing, out.live, out.origin = p.dir, p.listing, p.live, p.origin
	return out, err
}

// Source is the text of the rules of a live kernel, in its order: one file with the name LiveFile, one line a rule.
func (s *Set) Source() (*Source, error) {
	var b strings.Builder
	for _, r := range s.Rules {
		b.WriteString(r.Text)
		b.WriteByte('\n')
	}
	p, err := keepBad(rule.ParseFile(LiveFile, strings.NewReader(b.String())))
	if err != nil {
		return nil, fmt.Errorf("the loaded rules as text: %w", err)
	}
	p.listing, p.live, p.origin = true, true, FromKernel
	return &Source{parts: []part{p}}, nil
}

// Carry is s, compiled from edited text, with what old, compiled from the text before and held against a log, knows of the lines that both
// have: which are loaded, since when, in which form, and in which order the files are. origin gives the place in the old text of a line
// of the new one, and false for a line that is new. A new line takes the times of the old line that like names, if any.
func (s *Set) Carry(old *Set, origin, like func(rule.Pos) (rule.Pos, bool)) (*Set, error) {
	out, err := s.carryOne(old, origin, like)
	if err != nil {
		return nil, err
	}
	for _, o := range old.Others {
		other, err := s.carryOne(o, origin, like)
		if err != nil {
			return nil, err
		}
		out.Others = append(out.Others, other)
	}
	return out, nil
}

// carryOne takes the order of files that old has.
func (s *Set) carryOne(old *Set, origin, like func(rule.Pos) (rule.Pos, bool)) (*Set, error) {
	for _, order := range append([]*Set{s}, s.Others...) {
		out := order.carried(old, origin, like)
		if out.follows(old, origin) {
			out.Live = old.Live
			return out, nil
		}
	}
	return nil, fmt.Errorf("the edited rules load in another order than before: load each file by itself, in a fixed order")
}

// carried is one order of s with what old knows.
func (s *Set) carried(old *Set, origin, like func(rule.Pos) (rule.Pos, bool)) *Set {
	known := map[place]*match.Rule{}
	for i := range old.Rules {
		r := &old.Rules[i]
		known[old.placeOf(i)] = r
	}
	clone := *s
	out := &clone
	out.Rules, out.Others = nil, nil
	for _, r := range s.Rules {
		if at, ok := origin(r.Pos); ok {
			was := known[place{at.File, at.Line}]
			if was == nil {
				continue // the log says that this line is not loaded
			}
			r.Forms, r.Unknown, r.From, r.Until, r.Again = was.Forms, was.Unknown, was.From, was.Until, was.Again
		} else if at, ok := like(r.Pos); ok {
			if was := known[place{at.File, at.Line}]; was != nil {
				r.From, r.Until, r.Again = was.From, was.Until, was.Again
			}
		}
		out.Rules = append(out.Rules, r)
	}
	return out
}

// placeOf is where the text has a rule. Those of a live kernel have lines in the text of Source alone.
func (s *Set) placeOf(i int) place {
	if s.Live {
		return place{LiveFile, i + 1}
	}
	return place{s.Rules[i].Pos.File, s.Rules[i].Pos.Line}
}

// follows tells whether the lines that s has of old come in the order of old.
func (s *Set) follows(old *Set, origin func(rule.Pos) (rule.Pos, bool)) bool {
	at := map[place]int{}
	for i := range old.Rules {
		at[old.placeOf(i)] = i
	}
	var order []int
	for _, r := range s.Rules {
		if pos, ok := origin(r.Pos); ok {
			order = append(order, at[place{pos.File, pos.Line}])
		}
	}
	return slices.IsSorted(order)
}
