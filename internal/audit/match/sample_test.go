package match

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/klauspost/compress/zstd"
)

// sample is a log with the kernel's own word on which rule recorded each event.
type sample struct {
	log   []byte
	rules []Rule
	truth map[string]string // time:serial → file:line
	part  bool              // events that are not in truth are not known
}

// readSample reads a folder of rules.d or rules.rules, audit.log and truth.tsv, the last two maybe packed.
func readSample(t testing.TB, dir string) sample {
	t.Helper()
	s := sample{log: readPacked(t, filepath.Join(dir, "audit.log")), truth: map[string]string{}}
	for line := range strings.Lines(string(readPacked(t, filepath.Join(dir, "truth.tsv")))) {
		stamp, pos, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		s.truth[stamp] = pos
	}
	s.rules = compileSet(t, readSet(t, dir), rule.Dialect3_0)
	readRemoved(t, dir, s.rules)
	_, err := os.Stat(filepath.Join(dir, "partial"))
	s.part = err == nil
	return s
}

// readRemoved reads which rules the kernel took away by itself, if any: time:serial and file:line of each.
func readRemoved(t testing.TB, dir string, rules []Rule) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "removed.tsv"))
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		at, pos, _ := strings.Cut(strings.TrimSpace(line), "\t")
		for i := range rules {
			if fmt.Sprintf("%s:%d", rules[i].Pos.File, rules[i].Pos.Line) != pos {
				continue
			}
			u := &rules[i].Until
			if _, err := fmt.Sscanf(at, "%d.%d:%d", &u.Sec, &u.Milli, &u.Serial); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func readPacked(t testing.TB, path string) []byte {
	t.Helper()
	if text, err := os.ReadFile(path); err == nil {
		return text
	}
	packed, err := os.ReadFile(path + ".zst")
	if err != nil {
		t.Fatal(err)
	}
	dec, err := zstd.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	text, err := io.ReadAll(dec)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// readSet reads the files of rules.d in the order of their bytes, in which the log's own CONFIG_CHANGE records say that they were
// loaded (not in that of augenrules, which has 30-ospp-v42.rules first), or rules.rules.
func readSet(t testing.TB, dir string) *rule.Set {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "rules.d", "*.rules"))
	if err != nil {
		t.Fatal(err)
	}
	if files == nil {
		files = []string{filepath.Join(dir, "rules.rules")}
	}
	slices.Sort(files)
	var sets []*rule.Set
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		set, err := rule.ParseFile(filepath.Base(name), bytes.NewReader(text))
		if refused := (rule.Errors)(nil); err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
		sets = append(sets, set)
	}
	return rule.Join(sets...)
}

// compileSet makes rules of a set as an auditctl would on x86_64, leaving out what does not compile, as the loader of the samples
// did. A -w has both its forms.
func compileSet(t testing.TB, set *rule.Set, dialect rule.Dialect) []Rule {
	t.Helper()
	var out []Rule
	for _, r := range set.Rules() {
		m := Rule{Pos: r.Pos, Text: r.Text}
		for _, dir := range []bool{false, true} {
			env := rule.Env{
				Machine: names.ArchX86_64, Dialect: dialect,
				User:  func(name string) (uint32, bool) { return 0, name == "root" },
				Group: func(name string) (uint32, bool) { return 0, name == "root" },
				IsDir: func(string) bool { return dir },
			}
			if w, _, err := rule.Compile(r, env); err == nil && (!dir || r.IsWatch()) {
				m.Forms = append(m.Forms, w)
			}
		}
		switch {
		case m.Forms == nil:
		case r.Flag == "-A":
			out = append([]Rule{m}, out...)
		default:
			out = append(out, m)
		}
	}
	return out
}

// keyless takes the keys out of rules.
func keyless(rules []Rule) []Rule {
	out := make([]Rule, len(rules))
	for i, r := range rules {
		out[i] = r
		out[i].Forms = nil
		for _, w := range r.Forms {
			var fields []rule.WireField
			for _, f := range w.Fields {
				if f.Type != rule.FieldFilterKey {
					fields = append(fields, f)
				}
			}
			w.Fields = fields
			out[i].Forms = append(out[i].Forms, w)
		}
	}
	return out
}

// score counts how decisions compare with the truth.
type score struct {
	right, wrong, unknown, conflict int
	why                             map[Why]int
	bad                             []string // what was wrong, the first few
}

func (s *score) String() string {
	all := max(1, s.right+s.wrong+s.unknown)
	out := fmt.Sprintf("%d events: right %d, wrong %d, unknown %d (%.2f %%), conflicts %d", all, s.right, s.wrong, s.unknown,
		100*float64(s.unknown)/float64(all), s.conflict)
	for why, n := range s.why {
		out += fmt.Sprintf("\n\t%d unknown: %v", n, why)
	}
	return out + "\n" + strings.Join(s.bad, "\n")
}

var null = record.Value{Text: []byte("(null)")}

// judgeSample decides every event of a log and compares.
func judgeSample(t testing.TB, s sample, withKeys bool, host Host) *score {
	t.Helper()
	rules := s.rules
	if !withKeys {
		rules = keyless(rules)
	}
	m, err := New(rules, host)
	if err != nil {
		t.Fatal(err)
	}
	sc := &score{why: map[Why]int{}}
	j := m.Judge(nil)
	eachCall(s.log, func(c *event.Call) {
		if !withKeys {
			c.Key = null
		}
		sc.add(m, c, j.Decide(c), s.of(c))
	})
	return sc
}

func stamp(ev *event.Event) string { return fmt.Sprintf("%d.%03d:%d", ev.Sec, ev.Milli, ev.Serial) }

// eachCall calls visit with every system call of a log.
func eachCall(log []byte, visit func(*event.Call)) {
	var c event.Call
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader(log)), nil) {
		if c.Read(ev) {
			visit(&c)
		}
	}
}

// notKnown is the truth of an event that nobody knows.
const notKnown = "?"

// of is the truth of an event, empty for one that no rule recorded.
func (s *sample) of(c *event.Call) string {
	truth, ok := s.truth[stamp(c.Event)]
	if !ok && s.part {
		return notKnown
	}
	return truth
}

func (s *score) add(m *Matcher, c *event.Call, d Decision, truth string) {
	if truth == notKnown {
		return
	}
	got := ""
	if d.Rule >= 0 {
		pos := m.rules[d.Rule].Pos
		got = fmt.Sprintf("%s:%d", filepath.Base(pos.File), pos.Line)
	}
	if d.Conflict {
		s.conflict++
	}
	switch {
	case d.Answer == Unknown:
		s.unknown++
		s.why[d.Why]++
		s.show("unknown", c, d, m, truth)
	case got == truth:
		s.right++
	default:
		s.wrong++
		s.show("WRONG", c, d, m, truth)
	}
}

// shown is how many events of a kind a score shows.
const shown = 6

func (s *score) show(what string, c *event.Call, d Decision, m *Matcher, truth string) {
	n := 0
	for _, b := range s.bad {
		n += boolInt(strings.HasPrefix(b, what))
	}
	if n >= shown {
		return
	}
	line := fmt.Sprintf("%s: kernel %q, rule %d, candidates %v, why %v, rests %v, conflict %v", what, truth, d.Rule, d.Candidates, d.Why, d.Rests, d.Conflict)
	for _, n := range append([]int{d.Rule}, d.Candidates...) {
		if n >= 0 {
			line += fmt.Sprintf("\n\t%d %s", n, m.rules[n].Text)
		}
	}
	for i := range c.Event.Records {
		line += "\n\t\t" + string(c.Event.Records[i].Raw)
	}
	s.bad = append(s.bad, line)
}
