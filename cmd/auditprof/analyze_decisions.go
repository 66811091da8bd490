package main

import (
	"bufio"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/reports/escape"
)

// decisionLines writes one line for each event, in the order of the log, columns with tabs between them:
//
//	timestamp:serial  file:line  yes|unknown|none  candidates
//
// A column that has nothing to say holds "-". The node comes fifth where the log names one: serials of two hosts may be the same.
type decisionLines struct {
	w       *bufio.Writer
	written int64    // bytes, also those that w still holds
	rules   []string // file:line of each rule
	line    []byte
}

func newDecisionLines(w io.Writer, rules []string) *decisionLines {
	return &decisionLines{w: bufio.NewWriterSize(w, 64<<10), rules: rules}
}

// ruleLabels name rules as file:line with the file's base name, and those that a kernel listed as loaded:N, from 1.
func ruleLabels(rules []match.Rule) []string {
	var labels []string
	for i, r := range rules {
		id := ruleID(r, i)
		label := id.File + ":" + strconv.Itoa(id.Line)
		labels = append(labels, strings.ReplaceAll(escape.Line(label), ",", `\x2c`)) // candidates have commas between them
	}
	return labels
}

// ruleID names a rule by the place of its text, or as the one that a kernel listed as its i'th, from 0.
func ruleID(r match.Rule, i int) analyze.RuleID {
	if r.Pos.File == "" {
		return analyze.RuleID{File: "loaded", Line: i + 1, Text: r.Text}
	}
	return analyze.RuleID{File: path.Base(r.Pos.File), Line: r.Pos.Line, Text: r.Text}
}

// add writes the line of an event.
func (d *decisionLines) add(r *analyze.Row) error {
	d.line = d.append(d.line[:0], r)
	d.written += int64(len(d.line))
	_, err := d.w.Write(d.line)
	return err
}

func (d *decisionLines) append(line []byte, r *analyze.Row) []byte {
	line = appendMoment(line, r)
	line = append(line, '\t')
	switch r.Origin {
	case analyze.Rules:
		line = append(line, d.rules[r.Rule]...)
		line = append(line, "\tyes\t-"...)
	case analyze.Undecided, analyze.ByKey:
		line = append(line, "-\tunknown\t"...)
		line = d.appendCandidates(line, r.Candidates)
	default:
		line = append(line, "-\tnone\t-"...)
	}
	if r.Node != "" {
		line = append(line, '\t')
		line = append(line, escape.Line(r.Node)...)
	}
	return append(line, '\n')
}

// appendMoment writes 1795348497.505:631548, as the log does (kernel/audit.c: audit_log_start).
func appendMoment(line []byte, r *analyze.Row) []byte {
	line = strconv.AppendInt(line, r.Sec, 10)
	line = append(line, '.', byte('0'+r.Milli/100), byte('0'+r.Milli/10%10), byte('0'+r.Milli%10), ':')
	return strconv.AppendUint(line, r.Serial, 10)
}

func (d *decisionLines) appendCandidates(line []byte, rules []int) []byte {
	if len(rules) == 0 {
		return append(line, '-')
	}
	for i, r := range rules {
		if i > 0 {
			line = append(line, ',')
		}
		if r < 0 {
			line = append(line, "none"...)
		} else {
			line = append(line, d.rules[r]...)
		}
	}
	return line
}
