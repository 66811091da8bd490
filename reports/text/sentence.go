package text

import (
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench/result"
)

// Sentence is one statement of a report, for other formats: its label, as "SLOWER" or "cause", and the text, escaped and on one line. A sentence
// without a label belongs to the one before.
type Sentence struct {
	Label string
	Text  string
	Alarm bool // what must be known before any figure is read
}

// unbroken is a width at which nothing that a report says is wrapped or cut.
const unbroken = 1 << 16

// RunVerdict is what keeps the run from being trusted, what it found with its causes, how much of the rules was not measured, and what was compared
// where. The lines that did not load are not among it: they are in Arm.LeftOut.
func RunVerdict(run *result.Run, options Options) []Sentence {
	v := newView(run, options)
	return sentences(v.unsound, v.findings, v.leftOutCounts, v.head)
}

// RunNext is the step that the run calls for.
func RunNext(run *result.Run, options Options) string { return newView(run, options).step() }

// RunTrust is what the run says of itself, its warnings, and how the machine was left.
func RunTrust(run *result.Run, options Options) []Sentence {
	v := newView(run, options)
	return sentences(v.trust, v.warnings, v.host)
}

// ProfileVerdict is what the report of a profile begins with.
func ProfileVerdict(profile *analyze.Profile, options ProfileOptions) []Sentence {
	v := newProfileView(profile, options)
	return sentences(v.head, v.window, v.alarms, v.verdict)
}

// ProfileDoubts is what is unknown in a profile, what was skipped, and remarks.
func ProfileDoubts(profile *analyze.Profile, options ProfileOptions) []Sentence {
	v := newProfileView(profile, options)
	return sentences(v.unknown, v.skipped, v.remarks)
}

// sentences prints sections to a page without end, and takes its lines apart.
func sentences(sections ...func(*page)) []Sentence {
	p := &page{width: unbroken}
	for _, section := range sections {
		section(p)
	}
	var list []Sentence
	for _, l := range p.lines {
		s := Sentence{Label: l.label, Alarm: l.style == alarm}
		if s.Text = strings.TrimSpace(strings.TrimPrefix(l.text, l.label)); s.Text != "" {
			list = append(list, s)
		}
	}
	return list
}
