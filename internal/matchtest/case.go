package matchtest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Case is a log with the kernel's own word for each event, as text: what the matcher is tried with, and what a test keeps of a disagreement.
type Case struct {
	Note    string         // what it is about
	Rules   []string       // as in a rule file, in the order of loading
	Log     []byte         // without the unique keys
	Truth   map[string]int // timestamp:serial → index of the rule that recorded it; an event of a call that is not there was recorded by none
	Removed map[int]string // index of a rule that the kernel removed by itself → timestamp:serial of the event that says so
	Kernel  string         // its version
}

// NoRule is the truth of an event that no rule recorded.
const NoRule = -1

// MatchRules are the rules as the matcher wants them, list by list in the order in which the kernel asks them. The line in Pos is the
// index plus one. Which -w is a directory the text does not say, so both forms are given.
func (c *Case) MatchRules() ([]match.Rule, error) { return matchRules(c.Rules, c.Removed) }

func matchRules(lines []string, removed map[int]string) ([]match.Rule, error) {
	var lists [rule.ListIOUring + 1][]match.Rule
	for i, line := range lines {
		r, err := parseLine(line, nil)
		if err != nil {
			return nil, err
		}
		m := match.Rule{Pos: rule.Pos{File: RulesFile, Line: i + 1, Col: 1}, Text: line, Forms: []rule.Wire{r.Wire}}
		if r.Rule.IsWatch() {
			dir, err := parseLine(line, func(string) bool { return true })
			if err != nil {
				return nil, err
			}
			m.Forms = append(m.Forms, dir.Wire)
		}
		if m.Until, err = parseStamp(removed[i]); err != nil {
			return nil, err
		}
		list := &lists[r.Wire.List]
		if r.Rule.Flag == "-A" {
			*list = slices.Insert(*list, 0, m)
		} else {
			*list = append(*list, m)
		}
	}
	return slices.Concat(lists[:]...), nil
}

// parseStamp reads timestamp:serial; "" is no moment.
func parseStamp(s string) (match.Moment, error) {
	if s == "" {
		return match.Moment{}, nil
	}
	var m match.Moment
	if _, err := fmt.Sscanf(s, "%d.%d:%d", &m.Sec, &m.Milli, &m.Serial); err != nil {
		return m, fmt.Errorf("moment %q: want seconds.milliseconds:serial: %w", s, err)
	}
	return m, nil
}

// RulesFile is how truth files name the rules.
const RulesFile = "rules.rules"

// Loaded is a rule that the kernel took.
type Loaded struct {
	Index int    // of the line in the plan
	Line  string // as in a rule file
	Rule  *rule.Rule
	Wire  rule.Wire // as the line says it
}

// parseLine compiles one rule as auditctl 3.0 would on x86-64.
func parseLine(line string, isDir func(string) bool) (Loaded, error) {
	s, err := rule.ParseFile(RulesFile, strings.NewReader(line+"\n"))
	if err != nil {
		return Loaded{}, err
	}
	if len(s.Rules()) != 1 || len(s.Controls()) > 0 {
		return Loaded{}, fmt.Errorf("%s: not one rule", line)
	}
	r := s.Rules()[0]
	if r.List == rule.ListTask {
		return Loaded{}, fmt.Errorf("%s: rules of the task list outlive a run: leave it out", line)
	}
	w, _, err := rule.Compile(r, rule.Env{Machine: names.ArchX86_64, Dialect: rule.Dialect3_0, IsDir: isDir})
	return Loaded{Line: line, Rule: r, Wire: w}, err
}

// The sections of a case as text, in the txtar format: a line "-- name --" before each.
const (
	sectionRules   = "rules"
	sectionLog     = "audit.log"
	sectionTruth   = "truth"
	sectionRemoved = "removed"
	sectionKernel  = "kernel"
)

// Text is the case as a file.
func (c *Case) Text() []byte {
	var b bytes.Buffer
	b.WriteString(c.Note)
	if !strings.HasSuffix(c.Note, "\n") {
		b.WriteByte('\n')
	}
	section := func(name, text string) { fmt.Fprintf(&b, "-- %s --\n%s", name, text) }
	section(sectionKernel, c.Kernel+"\n")
	section(sectionRules, strings.Join(c.Rules, "\n")+"\n")
	var truth, removed strings.Builder
	for _, stamp := range sortedKeys(c.Truth) {
		truth.WriteString(stamp + "\t" + place(c.Truth[stamp]) + "\n")
	}
	for i := range c.Rules {
		if at, ok := c.Removed[i]; ok {
			removed.WriteString(at + "\t" + place(i) + "\n")
		}
	}
	section(sectionTruth, truth.String())
	section(sectionRemoved, removed.String())
	section(sectionLog, string(c.Log))
	return b.Bytes()
}

// place is a rule as truth files name it: file:line, or none.
func place(index int) string {
	if index == NoRule {
		return "none"
	}
	return RulesFile + ":" + strconv.Itoa(index+1)
}

func parsePlace(s string, rules int) (int, error) {
	if s == "none" {
		return NoRule, nil
	}
	n, err := strconv.Atoi(strings.TrimPrefix(s, RulesFile+":"))
	if err != nil || n < 1 || n > rules {
		return 0, fmt.Errorf("place %q: want none or %s:LINE of a rule that the case has", s, RulesFile)
	}
	return n - 1, nil
}

func sortedKeys(m map[string]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// ParseCase reads what Text wrote.
func ParseCase(text []byte) (*Case, error) {
	c := &Case{Truth: map[string]int{}, Removed: map[int]string{}}
	section := ""
	for line := range bytes.Lines(text) {
		if name, ok := strings.CutPrefix(string(line), "-- "); ok && strings.HasSuffix(name, " --\n") {
			section = strings.TrimSuffix(name, " --\n")
			continue
		}
		if err := c.take(section, line); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Case) take(section string, line []byte) error {
	text := strings.TrimSuffix(string(line), "\n")
	switch section {
	case "":
		c.Note += string(line)
	case sectionKernel:
		c.Kernel = text
	case sectionRules:
		c.Rules = append(c.Rules, text)
	case sectionLog:
		c.Log = append(c.Log, line...)
	case sectionTruth, sectionRemoved:
		stamp, where, _ := strings.Cut(text, "\t")
		n, err := parsePlace(where, len(c.Rules))
		if err != nil {
			return fmt.Errorf("section %s: %w", section, err)
		}
		if section == sectionTruth {
			c.Truth[stamp] = n
		} else {
			c.Removed[n] = stamp
		}
	default:
		return fmt.Errorf("section %q: not one of a case", section)
	}
	return nil
}
