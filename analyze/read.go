package analyze

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// Bounds of what Read takes in: a profile may come from anywhere.
const (
	maxCount     = 1 << 46 // events, records, bytes of one row or profile, 64 TiB: 100,000 of them still have a sum
	maxTextBytes = 8192    // of a name or a rule: no field of a log line that auditd writes is longer
	maxChainRead = 64
	maxProfiles  = 100_000 // of a merge: the sums stay sums
)

// Read reads a profile that WriteShared wrote, up to MaxSharedBytes, and refuses one whose parts do not fit together: whoever reads it may
// index and add without asking.
func Read(r io.Reader) (*Profile, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxSharedBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the profile: %w", err)
	}
	return decode(text)
}

func decode(text []byte) (*Profile, error) {
	if len(text) > MaxSharedBytes {
		return nil, fmt.Errorf("the profile is larger than %d bytes: give a file that auditprof analyze --profile wrote", MaxSharedBytes)
	}
	p := &Profile{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil || p.Schema != Schema {
		return nil, misfit(text, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is something behind the profile: give a file that auditprof analyze --profile wrote")
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("the profile contradicts itself: %w: it was changed, or cut off while it was written", err)
	}
	return p, nil
}

// misfit says why a text is no profile: most likely it is something else, or of another version.
func misfit(text []byte, cause error) error {
	var version struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return fmt.Errorf("it is no profile: %w: give a file that auditprof analyze --profile wrote", err)
	}
	if version.Schema != Schema {
		return fmt.Errorf("it has schema %.40q, this auditprof reads %q: use the version that wrote it", version.Schema, Schema)
	}
	return fmt.Errorf("the profile does not fit its schema: %w", cause)
}

// check holds the parts of a profile to each other.
func (p *Profile) check() error {
	if big := largest(reflect.ValueOf(*p)); big > maxCount {
		return fmt.Errorf("a count of %d", big)
	}
	for _, check := range []func() error{p.checkTexts, p.checkRules, p.checkPaths, p.checkTime, p.checkSums} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (p *Profile) checkTexts() error {
	var long string
	see := func(texts ...string) {
		for _, s := range texts {
			if len(s) > maxTextBytes {
				long = s
			}
		}
	}
	for _, t := range p.tables() {
		for _, r := range t.Rows {
			see(r.Name)
		}
	}
	for _, r := range p.Rules {
		see(r.File, r.Text)
	}
	for _, c := range p.Cells {
		see(c.Type, c.Exe, c.Syscall, c.AUID, c.UID)
	}
	for _, u := range p.Users.Rows {
		see(u.AUID, u.UID, u.AUIDName, u.UIDName)
	}
	for _, h := range p.Window.Hosts {
		see(h.Name)
	}
	for _, c := range p.StartedBy.Rows {
		see(c.Programs...)
		if len(c.Programs) > maxChainRead {
			return fmt.Errorf("a chain of %d programs", len(c.Programs))
		}
	}
	if long != "" {
		return fmt.Errorf("a text of %d bytes, %.40q", len(long), long)
	}
	return nil
}

// checkRules holds every mention of a rule to the rules there are.
func (p *Profile) checkRules() error {
	var rules []int
	for _, c := range p.Cells {
		rules = append(rules, c.Rule)
	}
	for _, b := range p.Rate.Bursts {
		rules = append(rules, b.Rule)
	}
	for _, set := range p.Unknown.Sets {
		rules = append(rules, set.Rules...)
	}
	for _, s := range p.RuleSeries {
		if s.Rule < 0 {
			return fmt.Errorf("a series of rule %d", s.Rule)
		}
		rules = append(rules, s.Rule)
	}
	for _, rule := range rules {
		if rule < NoRule || rule >= len(p.Rules) {
			return fmt.Errorf("rule %d of %d", rule, len(p.Rules))
		}
	}
	return nil
}

// checkPaths wants the rows sorted, each once and with its parent.
func (p *Profile) checkPaths() error {
	var open []string
	for i, row := range p.Paths.Rows {
		if !strings.HasPrefix(row.Path, "/") || len(row.Path) > maxTextBytes || i == 0 && row.Path != "/" {
			return fmt.Errorf("path %.40q", row.Path)
		}
		if i > 0 && byPath(p.Paths.Rows[i-1].Path, row.Path) >= 0 {
			return fmt.Errorf("path %.40q is not in its place", row.Path)
		}
		for len(open) > 0 && !isBelow(row.Path, open[len(open)-1]) {
			open = open[:len(open)-1]
		}
		if i > 0 && len(open) == 0 || len(open) > 2*maxPathDepth {
			return fmt.Errorf("path %.40q at depth %d", row.Path, len(open))
		}
		open = append(open, row.Path)
	}
	return nil
}

func (p *Profile) checkTime() error {
	s := p.Series
	if s.WidthSec < 1 || s.WidthSec > maxSec || s.WidthSec&(s.WidthSec-1) != 0 || s.StartSec%s.WidthSec != 0 ||
		s.StartSec < -2*maxSec || s.StartSec > 2*maxSec || len(s.Events) > seriesBuckets || len(s.Bytes) != len(s.Events) {
		return fmt.Errorf("a series of %d and %d buckets of %d seconds from %d", len(s.Events), len(s.Bytes), s.WidthSec, s.StartSec)
	}
	for _, r := range p.RuleSeries {
		if len(r.Events) > s.ruleBuckets() {
			return fmt.Errorf("a series of a rule with %d buckets beside one with %d", len(r.Events), len(s.Events))
		}
	}
	for _, h := range p.Window.Hosts {
		if h.FirstSec < 0 || h.LastSec < h.FirstSec || h.LastSec > maxSec || h.CoveredSec < 0 || h.CoveredSec > maxSec {
			return fmt.Errorf("host %.40q from %d to %d, %d seconds of it covered", h.Name, h.FirstSec, h.LastSec, h.CoveredSec)
		}
	}
	for _, hole := range slices.Concat(p.Window.Holes, []Hole{p.Window.Silence}) {
		if hole.FromSec < 0 || hole.ToSec < hole.FromSec || hole.ToSec > maxSec {
			return fmt.Errorf("a hole from %d to %d", hole.FromSec, hole.ToSec)
		}
	}
	return nil
}

// checkSums holds every table to the total.
func (p *Profile) checkSums() error {
	sums := []struct {
		name string
		sum  Count
		all  bool // events too
	}{
		{"hosts", sumOf(p.Window.Hosts, func(h Host) Count { return h.Count }), true},
		{"types", p.Types.sum(), false},
		{"keys", p.Keys.sum(), false},
		{"exes", p.Exes.sum(), true},
		{"syscalls", p.Syscalls.sum(), true},
		{"sessions", p.Sessions.sum(), true},
		{"users", plus(sumOf(p.Users.Rows, func(u UserCount) Count { return u.Count }), p.Users.Other), true},
		{"paths", plus(plus(sumOf(p.Paths.Rows, func(r PathCount) Count { return r.Own }), p.Paths.NoPath), p.Paths.Relative), true},
		{"started by", plus(sumOf(p.StartedBy.Rows, func(c Chain) Count { return c.Count }), p.StartedBy.Other), true},
		{"cells", sumOf(p.Cells, func(c Cell) Count { return c.Count }), false},
	}
	for _, s := range sums {
		switch {
		case s.name == "keys":
			if s.sum.Bytes < p.Total.Bytes {
				return fmt.Errorf("the keys have %d bytes of %d", s.sum.Bytes, p.Total.Bytes)
			}
		case s.sum.Records != p.Total.Records || s.sum.Bytes != p.Total.Bytes || s.all && s.sum.Events != p.Total.Events:
			return fmt.Errorf("the %s add up to %+v, all together are %+v", s.name, s.sum, p.Total)
		}
	}
	return nil
}

// largest is the largest count anywhere in v.
func largest(v reflect.Value) (most uint64) {
	switch v.Kind() {
	case reflect.Uint64:
		return v.Uint()
	case reflect.Struct:
		for i := range v.NumField() {
			most = max(most, largest(v.Field(i)))
		}
	case reflect.Slice:
		for i := range v.Len() {
			most = max(most, largest(v.Index(i)))
		}
	}
	return most
}

func (t *Table) sum() Count {
	return plus(sumOf(t.Rows, func(n Named) Count { return n.Count }), t.Other)
}

// sumOf adds up rows: no more than a file has room for, each at most maxCount, so that the sum fits.
func sumOf[R any](rows []R, of func(R) Count) (n Count) {
	for _, r := range rows {
		n.add(of(r))
	}
	return n
}

func plus(a, b Count) Count {
	a.add(b)
	return a
}
