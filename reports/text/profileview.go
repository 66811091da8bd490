package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/auditprof/auditprof/analyze"
)

func newProfileView(profile *analyze.Profile, options ProfileOptions) *profileView {
	v := &profileView{profile: profile, options: options}
	for i, r := range profile.Rules {
		if !r.Count.IsZero() {
			v.rules = append(v.rules, ruleVolume{r, i})
		}
	}
	slices.SortStableFunc(v.rules, func(a, b ruleVolume) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return v
}

// bytes is what shares are shares of: all events of the log.
func (v *profileView) bytes() uint64 { return v.profile.Total.Bytes }

// share of the log's bytes.
func (v *profileView) share(c analyze.Count) string {
	return share(float64(c.Bytes), float64(v.bytes()))
}

// byKey tells whether there was no rule set: the log's keys are all there is.
func (v *profileView) byKey() bool { return len(v.profile.Rules) == 0 }

// place names a rule by its file and line.
func place(r analyze.RuleID) string { return fmt.Sprintf("%s:%d", r.File, r.Line) }

// ruleName is a rule's place and what tells it from others.
func ruleName(r analyze.RuleID) string { return place(r) + "  " + brief(r.Text) }

// source is a program and a system call behind a part of what a rule recorded.
type source struct{ exe, syscall string }

func (s source) String() string {
	text := cmp.Or(s.exe, "no program")
	if s.syscall != "" {
		text += " in " + s.syscall
	}
	return text
}

// mainSource is the program and system call behind most of the bytes of the cells that of picks, with its share of them; false for none.
func (v *profileView) mainSource(of func(analyze.Cell) bool) (top source, part float64, ok bool) {
	bytes := map[source]uint64{}
	var all uint64
	for _, c := range v.profile.Cells {
		if of(c) {
			bytes[source{c.Exe, c.Syscall}] += c.Bytes
			all += c.Bytes
		}
	}
	for s, b := range bytes {
		// equal volumes must not change places from one print to the next
		if !ok || b > bytes[top] || b == bytes[top] && s.exe+"\x00"+s.syscall < top.exe+"\x00"+top.syscall {
			top, ok = s, true
		}
	}
	return top, float64(bytes[top]) / float64(max(all, 1)), ok && all > 0
}

// sourceNote is the line below a rule: what made most of its bytes, and how many events it may have recorded besides.
func (v *profileView) sourceNote(r ruleVolume) string {
	var parts []string
	if top, part, ok := v.mainSource(r.recorded); ok {
		parts = append(parts, share(part, 1)+" "+top.String())
	}
	if r.Maybe > 0 {
		parts = append(parts, countOf(r.Maybe)+" unknown events may be its own")
	}
	return strings.Join(parts, "; ")
}

// recorded tells whether the cell is of what the rule recorded.
func (r ruleVolume) recorded(c analyze.Cell) bool {
	return c.Rule == r.index && c.Origin == analyze.Rules
}

// moment prints seconds since 1970 as a time in UTC: the log knows no other zone.
func moment(sec int64) string { return time.Unix(sec, 0).UTC().Format("2006-01-02 15:04:05") }

// clock prints the time of day of a moment, with its day where that is not the day of the other.
func clock(sec, other int64) string {
	if moment(sec)[:10] == moment(other)[:10] {
		return moment(sec)[11:]
	}
	return moment(sec)
}

// namesOf joins at most n names with commas and says how many more there are.
func namesOf(names []string, n int) string {
	first, more := several(names, n)
	text := strings.Join(first, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
