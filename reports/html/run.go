package html

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/bench/result"
)

// RunOptions are what a page about a run may show besides it.
type RunOptions struct {
	Slots      []result.Slot  // for what changed over time, and to download
	Suggestion *advice.Advice // nil for none
	Remarks    []string       // what could not be read, a sentence each
	Dir        string         // the run directory as the user would write it, "" for none
}

// complete is Run.Ended of a run that went to its end.
const complete = "complete"

// WriteRun writes the page of a run. The error is that of w.
func WriteRun(w io.Writer, run *result.Run, o RunOptions) error {
	plain, slots := clean(untabbed(*run)), o.Slots
	o.Slots, o.Suggestion, o.Remarks, o.Dir = withoutHistograms(clean(o.Slots)), clean(o.Suggestion), clean(o.Remarks), clean(o.Dir)
	v := newRunView(&plain, o)
	d := &document{Kind: "bench", Tool: plain.Tool, About: v.about(), Where: v.where()}
	d.Headline, d.Findings, d.Alarms, d.Steps = v.headline(), v.findings(), v.alarms(), v.steps()
	d.Title = "auditprof: " + d.About
	v.slowdown(d)
	v.costs(d)
	v.courses(d)
	v.volumes(d)
	v.noisiestRules(d)
	v.listings(d)
	addSuggestion(d, o.Suggestion)
	v.trust(d)
	v.environment(d)
	downloads := runDownload(run, d.room(nil))
	addDownloads(d, append(downloads, slotsDownload(slots, d.room(downloads))...))
	return d.write(w)
}

// about tells what was compared.
func (v *runView) about() string {
	var names []string
	for _, a := range v.judged() {
		name := a.Name
		if n := len(a.Rules); n > 0 {
			name += " (" + plural(n, "rule") + ")"
		}
		names = append(names, name)
	}
	list, more := first(names, 4)
	text := strings.Join(list, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return cmp.Or(text, "a run without rules")
}

// where tells on what machine, and how often.
func (v *runView) where() string {
	e, r := v.run.Environment, v.run
	var parts []string
	if e.Host != "" {
		parts = append(parts, e.Host)
	}
	if e.CPUs > 0 {
		parts = append(parts, plural(e.CPUs, "CPU"))
	}
	if e.Kernel != "" {
		parts = append(parts, "kernel "+e.Kernel)
	}
	parts = append(parts, fmt.Sprintf("%d of %s", r.RoundsDone, plural(r.Rounds, "round")))
	if !r.Started.IsZero() {
		parts = append(parts, r.Started.UTC().Format("2 January 2006, 15:04")+" UTC")
	}
	return strings.Join(parts, " · ")
}
