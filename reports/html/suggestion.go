package html

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
)

// proposals are what suggest-exclusions found, as a page shows it.
type proposals struct {
	Nothing string
	Saved   string
	List    []proposal
	Refused grid
	Proof   string
	Alarm   bool
}

type proposal struct {
	ID, Saves, Risk string
	Diff            []diffLine
	Where           string
	Facts           []fact
}

// diffLine is a line with its sign: "+", "-" or " ".
type diffLine struct{ Sign, Text, Class string }

// addSuggestion adds the proposals with their diffs.
func addSuggestion(d *document, a *advice.Advice) {
	if a == nil {
		return
	}
	before, saved := a.Before.All(), a.Saved.All()
	p := proposals{Nothing: a.Nothing, Refused: refusedGrid(a.Refused)}
	p.Saved = fmt.Sprintf("%s of %s, %s of the bytes, by %s", bytesOf(float64(saved.Bytes)), bytesOf(float64(before.Bytes)),
		shareOf(float64(saved.Bytes), float64(before.Bytes)), plural(len(a.Proposals), "change"))
	if a.DayBytes > 0 && before.Bytes > 0 {
		p.Saved += "; a day and host now writes " + bytesOf(a.DayBytes)
	}
	p.Proof = fmt.Sprintf("Replay of %s: ", plural(a.Proof.Events, "event"))
	if p.Alarm = a.Proof.Unnamed.Events > 0; p.Alarm {
		p.Proof += plural(a.Proof.Unnamed.Events, "event") + " gone that no proposal names."
	} else {
		p.Proof += "nothing is gone that no proposal names."
	}
	for _, x := range a.Proposals {
		p.List = append(p.List, proposalOf(x))
	}
	d.add("proposals", "What may be left out", "From suggest-exclusions. Each change names what it hides.", "proposals", p)
}

func proposalOf(x advice.Proposal) proposal {
	p := proposal{ID: x.ID, Risk: x.Risk, Saves: bytesOf(float64(x.Saved.All().Bytes)) + ", " + percentOf(x.Share)}
	if x.DayBytes > 0 {
		p.Saves += ", " + bytesOf(x.DayBytes) + " a day and host"
	}
	narrower := x.Kind == suggest.Narrow.String()
	if p.Where = "above " + x.Before; narrower {
		p.Where = "in place of " + x.Before
	}
	p.Diff = diffOf(x, narrower)
	put := func(name, text string) {
		if text != "" {
			p.Facts = append(p.Facts, fact{Name: name, Text: text})
		}
	}
	put("Blind to", x.BlindTo)
	put("Still seen", strings.Join(x.Seen, "; "))
	put("To hide here", x.Hide)
	put("Risk", sentence(": ", x.Risk, strings.Join(x.Reasons, "; ")))
	put("Takes for granted", strings.Join(x.Assumes, "; "))
	put("Mind", strings.Join(x.Caveats, "; "))
	return p
}

// diffOf are the lines that come, and the rules that they quiet; a narrower rule replaces the one that it is made of.
func diffOf(x advice.Proposal, narrower bool) []diffLine {
	var list []diffLine
	if !narrower {
		for _, l := range x.Lines {
			list = append(list, diffLine{"+", l, "new"})
		}
	}
	for _, q := range x.Quiets {
		if narrower && place(q.File, q.Line) == x.Before {
			list = append(list, diffLine{"−", q.Text, "gone"})
			continue
		}
		list = append(list, diffLine{" ", q.Text, "same"})
	}
	if narrower {
		for _, l := range x.Lines {
			list = append(list, diffLine{"+", l, "new"})
		}
	}
	return list
}

func refusedGrid(list []advice.Refused) grid {
	g := grid{Title: "Refused", Head: append(words("change", "why"), numbers("would save")...)}
	list, more := first(list, 20)
	for _, r := range list {
		g.Rows = append(g.Rows, []cell{{Text: cmp.Or(strings.Join(r.Lines, " "), r.Kind), Code: true}, {Text: r.Why}, {Text: bytesOf(float64(r.Saves.Bytes))}})
	}
	if more > 0 {
		g.More = plural(more, "more") + " in the answer itself."
	}
	return g
}
