package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kinds of what is no longer seen.
const (
	LostEvents    = "events"    // of the recorded logs
	LostCanary    = "canary"    // an act of the run that the base rules recorded
	LostKeep      = "keep"      // an event of --keep
	LostDetection = "detection" // one of the detections that must not be blinded
	LostControl   = "control"   // a control line that turns recording off or limits it
)

// Loss is something that the base rules recorded and the new ones do not, or may not.
type Loss struct {
	Kind string `json:"kind"`
	// Name is the canary, the detection, the file:line of a keep; of events the rule that recorded them, as text.
	Name string `json:"name"`
	At   string `json:"at,omitempty"` // file:line of that rule
	// By is the text of the new rule that takes them, "" where none does: then a rule is gone or narrower.
	By   string `json:"by,omitempty"`
	ByAt string `json:"by_at,omitempty"`
	Exe  string `json:"exe,omitempty"`
	Type string `json:"type,omitempty"` // of the records that go, where the event stays
	// Sure is false where the log leaves open whether they go.
	Sure    bool      `json:"sure"`
	Events  uint64    `json:"events"`
	Records uint64    `json:"records"`
	Bytes   uint64    `json:"bytes"`
	Example string    `json:"example,omitempty"` // file:line of one in its log
	Granted *Granting `json:"accepted,omitempty"`
}

// Granting is who answers for a loss, by the budget.
type Granting struct {
	Reason  string `json:"reason"`
	Owner   string `json:"owner"`
	Expires string `json:"expires"` // the last day, YYYY-MM-DD
	Expired bool   `json:"expired"`
	Place   string `json:"place"`
}

// String is what a loss is, in a line.
func (l *Loss) String() string {
	word := "no longer recorded"
	if !l.Sure {
		word = "perhaps no longer recorded"
	}
	switch l.Kind {
	case LostCanary, LostDetection, LostKeep:
		s := fmt.Sprintf("%s %s: %s", l.Kind, l.Name, word)
		if l.Events > 0 {
			s += fmt.Sprintf(" (%d events)", l.Events)
		}
		return s
	case LostControl:
		return fmt.Sprintf("%s: %s", l.ByAt, l.By)
	}
	s := fmt.Sprintf("%d events, %d records of %s %s", l.Events, l.Records, cutText(l.Name), word)
	if l.Events == 0 {
		s = cutText(l.Name) + " " + word
	}
	if l.Exe != "" {
		s += ", made by " + l.Exe
	}
	if l.Type != "" {
		s += ", type " + l.Type
	}
	if l.By != "" {
		s += fmt.Sprintf(": taken by %s %s", l.ByAt, cutText(l.By))
	}
	return s
}

func cutText(s string) string {
	const most = 200
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

// Sight is what a comparison of base and new rules found.
type Sight struct {
	Losses []Loss
	// Compared are the kinds of loss that were looked for, each with how much of it there was: events replayed, canaries seen, keeps.
	Compared map[string]uint64
	// Cut are losses without a row of their own: a budget cannot name them.
	Cut uint64
	// Outside are rules whose events the log cannot hold.
	Outside []string
	// Unread says that too much of the logs could not be read to tell from them that nothing else is gone, "" where they tell.
	Unread string
}

// WholeLog is the cure of a log of which not all could be read.
const WholeLog = "give the whole log: copy or record it again"

// grants tells whether an entry is about a loss.
func (a *Accepted) grants(l *Loss, same func(a, b string) bool) bool {
	what := normal(a.What)
	is := func(text string) bool {
		return text != "" && (what == normal(text) || same != nil && strings.HasPrefix(what, "-") && same(what, text))
	}
	named := false
	switch l.Kind {
	case LostEvents:
		named = is(l.Name) || is(l.By)
	case LostControl:
		named = what == normal(l.By)
	default:
		named = what == l.Kind+" "+normal(l.Name)
	}
	return named && (a.Exe == "" || a.Exe == l.Exe) && (a.Type == "" || a.Type == l.Type)
}

// normal is a rule's text with one space between its words.
func normal(s string) string { return strings.Join(strings.Fields(s), " ") }

// judgeSight makes checks of what is no longer seen: one for each kind that was looked for, and one for each entry of the budget that has ended.
func (j *judging) judgeSight() {
	b := j.in.Budget
	if b.Seen == SeverityOff {
		j.remark("what is still seen was not compared: %s turns it off", b.File)
		return
	}
	if j.in.Sight == nil {
		j.v.Checks = append(j.v.Checks, j.settle(Check{Subject: "seen", Metric: "events", Limit: seenLimit, Severity: b.Seen, Status: Inconclusive,
			Reason: j.in.NoSight, Cure: "give the rules of before with --base-rules, and logs with --log or in the run"}))
		return
	}
	used := make([]bool, len(b.Unseen))
	j.v.Losses = slices.Clone(j.in.Sight.Losses)
	for i := range j.v.Losses {
		j.grant(&j.v.Losses[i], used)
	}
	for _, kind := range []string{LostEvents, LostCanary, LostKeep, LostDetection, LostControl} {
		if n, ok := j.in.Sight.Compared[kind]; ok {
			j.v.Checks = append(j.v.Checks, j.settle(j.seenCheck(kind, n)))
		}
	}
	for i := range b.Unseen {
		if !used[i] {
			j.remark("%s: %s names nothing that is no longer recorded%s: take the entry out", b.Unseen[i].Place, quote(b.Unseen[i].What), j.nearestLoss(b.Unseen[i].What))
		}
	}
}

// nearestLoss is what an entry that names nothing may have been meant for, among the first losses that nobody answers for.
func (j *judging) nearestLoss(what string) string {
	const most = 100 // to compare texts takes time
	if len(j.v.Remarks) > maxErrors {
		return ""
	}
	var names []string
	for i := range j.v.Losses[:min(len(j.v.Losses), most)] {
		switch l := &j.v.Losses[i]; {
		case l.Granted != nil:
		case l.Kind == LostEvents || l.Kind == LostControl:
			names = append(names, slices.DeleteFunc([]string{l.Name, l.By}, func(s string) bool { return s == "" })...)
		default:
			names = append(names, l.Kind+" "+l.Name)
		}
	}
	slices.Sort(names)
	return nearest(normal(what), slices.Compact(names))
}

// seenLimit is the built-in limit in words.
const seenLimit = "nothing unseen that the budget does not name"

// grant looks in the budget for who answers for a loss: an entry that still holds comes before one that has ended.
func (j *judging) grant(l *Loss, used []bool) {
	for i := range j.in.Budget.Unseen {
		a := &j.in.Budget.Unseen[i]
		if !a.grants(l, j.in.SameRule) {
			continue
		}
		used[i] = true
		g := &Granting{a.Reason, a.Owner, a.Expires.Format(time.DateOnly), a.Expired(j.in.Today), a.Place.String()}
		if l.Granted == nil || l.Granted.Expired {
			l.Granted = g
		}
	}
}

// seenCheck judges one kind of loss.
func (j *judging) seenCheck(kind string, compared uint64) Check {
	c := Check{Subject: "seen", Metric: kind, Limit: seenLimit, Severity: j.in.Budget.Seen, Status: Pass, Dimension: "count", Exact: true}
	gone := 0.0
	var sure, open, expired *Loss
	others := 0
	for i := range j.v.Losses {
		l := &j.v.Losses[i]
		if l.Kind != kind || l.Granted != nil && !l.Granted.Expired {
			continue
		}
		others++
		switch {
		case l.Granted != nil:
			expired = firstOf(expired, l)
		case l.Sure:
			sure = firstOf(sure, l)
		default:
			open = firstOf(open, l)
		}
		if l.Sure {
			gone += float64(max(l.Events, 1))
		}
	}
	c.Value = &gone
	switch {
	case sure != nil:
		c.Status, c.Reason = Fail, sure.String()
		c.Cure = "record it again, or name it under unseen: in the budget with a reason, an owner and a day"
	case expired != nil:
		c.Status, c.Reason = Fail, fmt.Sprintf("%s: accepted until %s by %s, which is over (%s)", expired, expired.Granted.Expires, expired.Granted.Owner, expired.Granted.Place)
		c.Cure = "record it again, or renew the entry"
	case open != nil:
		c.Status, c.Reason = Inconclusive, open.String()+": the log does not say"
		c.Cure = "give a host snapshot with --host-snapshot, measure, or name it under unseen:"
	case kind == LostEvents && j.in.Sight.Cut > 0:
		c.Status, c.Reason = Fail, fmt.Sprintf("%d events are no longer recorded that had no row of their own", j.in.Sight.Cut)
	case j.in.Sight.Unread != "" && (kind == LostEvents || kind == LostDetection):
		c.Status, c.Reason = Inconclusive, j.in.Sight.Unread
		c.Cure = WholeLog
	case compared == 0:
		c.Status, c.Reason, c.Cure = Inconclusive, "no event was replayed that the base rules recorded", "give logs with --log that hold events of the base rules"
	}
	if others > 1 {
		c.Reason += fmt.Sprintf(" (and %d more)", others-1)
	}
	return c
}

func firstOf(had, l *Loss) *Loss {
	if had == nil {
		return l
	}
	return had
}
