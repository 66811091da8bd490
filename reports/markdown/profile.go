package markdown

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/text"
	"github.com/auditprof/auditprof/reports/unit"
)

// shownRows is how many rows a table of a profile has, beside that of the rules.
const shownRows = 15

// WriteProfile writes what a log holds: which rule makes it, and folded: rules, record types, programs, system calls, what started them, files, and
// what is not known. Of the options those about what was read count, as for text.
func WriteProfile(w io.Writer, p *analyze.Profile, options text.ProfileOptions) error {
	d := &document{}
	d.verdict("auditprof analyze", text.ProfileVerdict(p, options))
	d.fold(profileRules(p))
	d.fold(named(p, "Record types", p.Types))
	d.fold(named(p, "Keys", p.Keys))
	d.fold(named(p, "Programs", p.Exes))
	d.fold(named(p, "System calls", p.Syscalls))
	d.fold(started(p))
	d.fold(named(p, "Files and folders", analyze.Table{Rows: p.Paths.Hot(0.01)}))
	d.fold(list("What is not known, and remarks", text.ProfileDoubts(p, options)))
	return d.print(w)
}

func counts(p *analyze.Profile, c analyze.Count) []string {
	return []string{number(c.Events), unit.Bytes(float64(c.Bytes)), unit.Percent(float64(c.Bytes) / float64(max(p.Total.Bytes, 1)))}
}

func number(n uint64) string { return unit.Count(int64(min(n, 1<<62))) }

// profileRules are the rules that recorded something, the heaviest first; how many are silent is the last row.
func profileRules(p *analyze.Profile) table {
	t := table{title: "Rules", heads: []string{"rule", "text", " events", " bytes", " share"}}
	rules := slices.SortedStableFunc(slices.Values(p.Rules), func(a, b analyze.RuleCount) int { return cmp.Compare(b.Bytes, a.Bytes) })
	silent := 0
	for _, r := range rules {
		if r.Events == 0 {
			silent++
			continue
		}
		t.rows = append(t.rows, append([]string{code(fmt.Sprintf("%s:%d", path.Base(r.File), r.Line)), code(r.Text)}, counts(p, r.Count)...))
	}
	if silent > 0 {
		t.title = fmt.Sprintf("Rules; %s of %s recorded nothing", number(uint64(silent)), number(uint64(len(p.Rules))))
	}
	return t
}

// named is a table of names; a row without a name is what the log does not say.
func named(p *analyze.Profile, title string, of analyze.Table) table {
	t := table{title: title, heads: []string{"name", " events", " bytes", " share"}}
	for i, r := range of.Rows {
		if i == shownRows {
			t.more = len(of.Rows) - i
			break
		}
		t.rows = append(t.rows, append([]string{code(r.Name)}, counts(p, r.Count)...))
	}
	if !of.Other.IsZero() {
		t.rows = append(t.rows, append([]string{"all others"}, counts(p, of.Other)...))
	}
	return t
}

func started(p *analyze.Profile) table {
	rows := analyze.Table{Other: p.StartedBy.Other}
	for _, c := range p.StartedBy.Rows {
		name := c.String()
		if strings.TrimSpace(name) == "" {
			name = "not known"
		}
		rows.Rows = append(rows.Rows, analyze.Named{Name: name, Count: c.Count})
	}
	return named(p, "Started by", rows)
}
