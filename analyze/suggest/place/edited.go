package place

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Edited is a rule set with changes in its text.
type Edited struct {
	Source *ruleset.Source // the edited text
	Set    *ruleset.Set    // what a kernel makes of it; old lines as the log has them
	// By and Was tell of each rule of Set whose it is: the change that wrote it, or found it there; and which rule of the old set it is,
	// or is a narrower form of, -1 for a never rule that was added.
	By  []string
	Was []int
	// Places are the lines of the old text above which changes go, or which they narrow, by the change's ID.
	Places  map[string]rule.Pos
	Refused []Refusal

	files []file
	lines map[position]newLine  // of the new text, those that are written
	from  map[position]rule.Pos // of the new text, where the others were in the old
}

// file is one rule file before and after.
type file struct {
	name          string
	before, after string
	origin        ruleset.Origin
}

// render writes the planned lines into the text and reads it again.
func (p *plan) render() (*Edited, error) {
	e := &Edited{Places: map[string]rule.Pos{}, lines: map[position]newLine{}, from: map[position]rule.Pos{}}
	texts := make([]string, len(p.text.files))
	for i, f := range p.text.files {
		w := writer{e: e, file: f.Name}
		if p.text.origins[i] == ruleset.FromKernel && len(p.text.files) == 1 {
			w.header()
		}
		for _, l := range f.Lines {
			p.line(&w, l)
		}
		texts[i] = w.text.String()
		e.files = append(e.files, file{f.Name, f.String(), texts[i], p.text.origins[i]})
	}
	return e, p.compile(e, texts)
}

// line writes one line of the old text with what goes above it, or in its place.
func (p *plan) line(w *writer, l *rule.Line) {
	for _, n := range p.before[l] {
		w.e.Places[n.id] = l.Pos
		w.add(n, "\n")
	}
	instead := p.instead[l]
	if len(instead) == 0 {
		w.keep(l)
		return
	}
	for i, n := range instead {
		end := "\n"
		if i == len(instead)-1 {
			end = l.End
		}
		if n.isRule {
			w.e.Places[n.id] = l.Pos
		}
		w.add(n, end)
	}
}

// writer writes the text of one file and notes whose its lines are.
type writer struct {
	e    *Edited
	file string
	text strings.Builder
	n    int // lines so far
}

// header makes what the kernel lists a rule file that can be loaded where these rules are loaded.
func (w *writer) header() {
	w.add(newLine{text: "# auditprof: the loaded rules, in their order"}, "\n")
	w.add(newLine{text: "-D"}, "\n")
}

func (w *writer) add(l newLine, end string) {
	w.n++
	w.e.lines[position{w.file, w.n}] = l
	w.text.WriteString(l.text)
	w.text.WriteString(end)
}

func (w *writer) keep(l *rule.Line) {
	w.n++
	w.e.from[position{w.file, w.n}] = l.Pos
	w.text.WriteString(l.Text)
	w.text.WriteString(l.End)
}

// compile reads the edited text as the old was read, and finds whose its rules are.
func (p *plan) compile(e *Edited, texts []string) (err error) {
	if e.Source, err = p.text.source.Edited(texts); err != nil {
		return fmt.Errorf("read the edited rules again: %w", err)
	}
	set, err := e.Source.Compile(p.text.base.Options)
	if err != nil {
		return fmt.Errorf("compile the edited rules: %w", err)
	}
	if e.Set, err = set.Carry(p.text.base.Set, e.origin, e.like); err != nil {
		return err
	}
	e.Set.Live = false // its rules have places in a text
	index := map[position]int{}
	for i, l := range p.text.rules {
		index[at(l.Pos)] = i
	}
	for _, r := range e.Set.Rules {
		by, was := e.whose(r.Pos, p.stays, p.text, index)
		e.By, e.Was = append(e.By, by), append(e.Was, was)
	}
	return p.complete(e)
}

// whose is the change that a loaded rule belongs to, and the old rule that it is or stands for.
func (e *Edited) whose(pos rule.Pos, stays map[*rule.Line]string, t *text, index map[position]int) (by string, was int) {
	if l, ok := e.lines[at(pos)]; ok {
		if l.like != nil {
			return l.id, index[at(l.like.Pos)]
		}
		return l.id, -1
	}
	old := e.from[at(pos)]
	return stays[t.line(old)], index[at(old)]
}

// complete tells whether all old rules that should be are still loaded.
func (p *plan) complete(e *Edited) error {
	have := map[int]bool{}
	for _, q := range e.Was {
		have[q] = true
	}
	for q, l := range p.text.rules {
		if !have[q] && p.instead[l] == nil {
			return fmt.Errorf("%s: with the changes made this rule is no longer loaded: report this as a bug", l.Pos)
		}
	}
	return nil
}

// origin is where a line of the new text was in the old.
func (e *Edited) origin(pos rule.Pos) (rule.Pos, bool) {
	old, ok := e.from[at(pos)]
	return old, ok
}

// like is the old line that a new one is a narrower form of.
func (e *Edited) like(pos rule.Pos) (rule.Pos, bool) {
	if l := e.lines[at(pos)]; l.like != nil {
		return l.like.Pos, true
	}
	return rule.Pos{}, false
}
