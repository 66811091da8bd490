package analyze

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// MaxSharedBytes is the size of the largest shared profile.
const MaxSharedBytes = 1_000_000

// maxSharedRows is how many rows the longest list of a shared profile begins with.
const maxSharedRows = 8192

// WriteShared writes what Share makes of the profile, at most MaxSharedBytes: where it is larger, the lightest rows of all tables go to their
// Other until it is not.
func (p *Profile) WriteShared(w io.Writer) error {
	shared := p.Share()
	for rows := maxSharedRows; ; rows /= 2 {
		cut := shared.clone()
		cut.cut(rows)
		text, err := cut.encode()
		if err != nil {
			return err
		}
		if len(text) <= MaxSharedBytes {
			_, err = w.Write(text)
			return err
		}
		if rows == 0 {
			return fmt.Errorf("the profile has %d bytes without a single row: this is a fault of auditprof", len(text))
		}
	}
}

// Write writes the profile as JSON, on one line.
func (p *Profile) Write(w io.Writer) error {
	text, err := p.encode()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

func (p *Profile) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("write the profile: %w", err)
	}
	return EscapeUnprinted(b.Bytes()), nil
}

// cut leaves at most rows rows in each list, and fewer where they are long.
func (p *Profile) cut(rows int) {
	p.cutRules(rows / 2)
	for _, t := range p.tables() {
		t.Rows, t.Other, t.Cut = keepRows(t.Rows, rows/4, t.Other, t.Cut, func(n Named) Count { return n.Count })
	}
	p.Users.Rows, p.Users.Other, p.Users.Cut = keepRows(p.Users.Rows, rows/4, p.Users.Other, p.Users.Cut, func(u UserCount) Count { return u.Count })
	p.StartedBy.Rows, p.StartedBy.Other, p.StartedBy.Cut = keepRows(p.StartedBy.Rows, rows/8, p.StartedBy.Other, p.StartedBy.Cut,
		func(c Chain) Count { return c.Count })
	p.Paths.cut(rows / 4)
	p.cutCells(rows / 2)
	p.Window.cutHosts(rows / 4)
	for i, set := range p.Unknown.Sets {
		if i >= rows/32 {
			p.Unknown.Other.add(set.Count)
		}
	}
	p.Unknown.Sets = p.Unknown.Sets[:min(len(p.Unknown.Sets), rows/32)]
	p.RuleSeries = p.RuleSeries[:min(len(p.RuleSeries), rows/64)]
}

// keepRows keeps the first rows of a list, which are the heaviest, and adds up the others.
func keepRows[R any](list []R, most int, other Count, cut uint64, of func(R) Count) ([]R, Count, uint64) {
	for _, r := range list[min(len(list), most):] {
		other.add(of(r))
		cut++
	}
	return list[:min(len(list), most)], other, cut
}

// cut folds the lightest rows into the directories above.
func (p *Paths) cut(most int) {
	if len(p.Rows) <= most || len(p.Rows) == 0 {
		return
	}
	order := make([]int, len(p.Rows))
	for i := range order {
		order[i] = i
	}
	// A directory is as heavy as what lies in it and comes before that: it stays as long as that does.
	slices.SortStableFunc(order, func(a, b int) int { return heavier(p.Rows[a].Count, p.Rows[b].Count) })
	keep := make([]bool, len(p.Rows))
	for _, i := range order[:max(most, 1)] { // the root stays
		keep[i] = true
	}
	var out []PathCount
	var open []int // places in out of the directories of the row
	for i, row := range p.Rows {
		for len(open) > 0 && !isBelow(row.Path, out[open[len(open)-1]].Path) {
			open = open[:len(open)-1]
		}
		if !keep[i] {
			out[open[len(open)-1]].Own.add(row.Own)
			p.Cut++
			continue
		}
		open = append(open, len(out))
		out = append(out, row)
	}
	p.Rows = out
	p.sumUp()
}

// cutCells joins the lightest cells by origin and type.
func (p *Profile) cutCells(most int) {
	for i := most; i < len(p.Cells); i++ {
		c := &p.Cells[i]
		*c = Cell{Origin: c.Origin, Rule: NoRule, Type: c.Type, Exe: Other, Syscall: Other, User: User{Other, Other}, Count: c.Count}
	}
	p.Cells = tidyCells(p.Cells)
}

// cutHosts joins the hosts with the least.
func (w *Window) cutHosts(most int) {
	if len(w.Hosts) <= most {
		return
	}
	slices.SortStableFunc(w.Hosts, func(a, b Host) int { return heavier(a.Count, b.Count) })
	other := Host{Name: Other}
	for _, h := range w.Hosts[most:] {
		other.join(h)
		w.HostsCut++
	}
	w.Hosts = append(w.Hosts[:most:most], other)
	w.tidy()
}

// join adds what another log says of the same host. Logs are taken for parts of different times.
func (h *Host) join(o Host) {
	if h.Events == 0 {
		h.FirstSec, h.LastSec = o.FirstSec, o.LastSec
	}
	h.FirstSec, h.LastSec = min(h.FirstSec, o.FirstSec), max(h.LastSec, o.LastSec)
	h.CoveredSec += o.CoveredSec
	h.Holes += o.Holes
	h.Count.add(o.Count)
}
