package logs

import "github.com/auditprof/auditprof/internal/audit/record"

// maxExampleBytes is how much is kept of the first line of each kind.
const maxExampleBytes = 120

// Skipped counts the lines that are no audit record, for one reason.
type Skipped struct {
	Reason    record.Bad
	Lines     uint64 // lines; of journal exports entries
	Bytes     uint64 // with their newlines
	FirstLine int64  // from 1, in FirstFile
	FirstFile string
	Example   string // the beginning of that line: hostile, to be escaped
}

// tally holds the Skipped of all reasons, in the order in which they were met.
type tally struct {
	list []Skipped
	at   map[record.Bad]int
}

func (t *tally) add(file string, rec *record.Record) {
	n, ok := t.at[rec.Bad]
	if !ok {
		if t.at == nil {
			t.at = map[record.Bad]int{}
		}
		n = len(t.list)
		t.at[rec.Bad] = n
		example := string(rec.Raw[:min(len(rec.Raw), maxExampleBytes)])
		t.list = append(t.list, Skipped{Reason: rec.Bad, FirstLine: rec.Line, FirstFile: file, Example: example})
	}
	t.list[n].Lines++
	t.list[n].Bytes += uint64(rec.Length)
}
