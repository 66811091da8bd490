package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/escape"
)

// header are the columns. Lines with the same file, line and text are of one rule; the last three columns but events add up to the profile's
// total. Events are those with at least one record of the type.
var header = []string{"origin", "file", "line", "rule", "type", "exe", "syscall", "auid", "uid", "events", "records", "bytes"}

// Write writes the cells of a profile, the heaviest first, then the rules that recorded nothing.
func Write(w io.Writer, p *analyze.Profile) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for _, c := range p.Cells {
		var rule analyze.RuleID
		if c.Rule >= 0 && c.Rule < len(p.Rules) {
			rule = p.Rules[c.Rule].RuleID
		}
		if err := out.Write(row(c, rule)); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	for i, r := range p.Rules {
		if r.Events > 0 {
			continue
		}
		if err := out.Write(row(analyze.Cell{Origin: analyze.Rules, Rule: i}, r.RuleID)); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func row(c analyze.Cell, rule analyze.RuleID) []string {
	line := ""
	if rule.Line > 0 {
		line = strconv.Itoa(rule.Line)
	}
	return []string{c.Origin.String(), cell(rule.File), line, cell(rule.Text), cell(c.Type), cell(c.Exe), cell(c.Syscall), cell(c.AUID), cell(c.UID),
		strconv.FormatUint(c.Events, 10), strconv.FormatUint(c.Records, 10), strconv.FormatUint(c.Bytes, 10)}
}

// cell makes text harmless: no control characters, and nothing that a spreadsheet would compute. Some strip
// blanks in front of a sign, and take its wide form for it.
func cell(s string) string {
	s = escape.Line(s)
	if first := strings.TrimLeft(s, " "); first != "" && strings.ContainsRune("=+-@＝＋－＠|%", []rune(first)[0]) {
		return "'" + s
	}
	return s
}
