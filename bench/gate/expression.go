package gate

import (
	"errors"
	"fmt"
	"strings"
)

// Expression is one limit: a metric, an operator and a bound, as `latency_p99 < 5ms` or `log_bytes/op <= baseline + 10%`.
type Expression struct {
	Text   string
	Metric string // its canonical name: log_bytes/op is log_bytes_per_op
	Op     Op
	// Relative: the bound is the baseline's value and Bound more; Less: and Bound less.
	Relative, Less bool
	Bound          Quantity
}

// Op compares a figure with a bound.
type Op string

// The operators.
const (
	Below   Op = "<"
	AtMost  Op = "<="
	Above   Op = ">"
	AtLeast Op = ">="
	Equal   Op = "=="
)

// maxExpression is the length of the longest expression, in bytes.
const maxExpression = 256

// baselineWord begins a bound that is relative.
const baselineWord = "baseline"

// ParseExpression reads a limit:
//
//	limit    = metric op bound
//	metric   = name [ "/op" | "/" name ]
//	op       = "<" | "<=" | ">" | ">=" | "=="
//	bound    = quantity | "baseline" [ ( "+" | "-" ) quantity ]
//	quantity = number [ unit ]
//
// Whether a metric is known is asked later, when the figures are there.
func ParseExpression(text string) (Expression, error) {
	e := Expression{Text: strings.TrimSpace(text)}
	if len(text) > maxExpression {
		return e, fmt.Errorf("a limit of %d bytes: the longest has %d", len(text), maxExpression)
	}
	at := strings.IndexAny(e.Text, "<>=")
	if at < 0 {
		return e, fmt.Errorf("%s has no operator: write a limit as latency_p99 < 5ms, with one of <, <=, >, >=, ==", quote(e.Text))
	}
	metric, err := parseMetric(strings.TrimSpace(e.Text[:at]))
	if err != nil {
		return e, err
	}
	e.Metric = metric
	op := e.Text[at : at+1]
	if at+1 < len(e.Text) && e.Text[at+1] == '=' {
		op += "="
	}
	if e.Op = Op(op); op == "=" {
		return e, errors.New("the operator = is not known: one of <, <=, >, >=, ==")
	}
	if err := e.parseBound(strings.TrimSpace(e.Text[at+len(op):])); err != nil {
		return e, err
	}
	return e, nil
}

func (e *Expression) parseBound(text string) error {
	if text == "" {
		return fmt.Errorf("%s has no bound: write a number and a unit, or baseline + 10%%", quote(e.Text))
	}
	rest, relative := strings.CutPrefix(text, baselineWord)
	if !relative {
		var err error
		e.Bound, err = parseQuantity(text)
		return err
	}
	e.Relative = true
	rest = strings.TrimSpace(rest)
	if rest == "" {
		return nil
	}
	if rest[0] != '+' && rest[0] != '-' {
		return fmt.Errorf("%s behind baseline: write baseline + 10%%, baseline - 1KiB or baseline alone", quote(rest))
	}
	e.Less = rest[0] == '-'
	var err error
	e.Bound, err = parseQuantity(strings.TrimSpace(rest[1:]))
	return err
}

// parseMetric gives a metric's name as it was typed its canonical form.
func parseMetric(text string) (string, error) {
	name, under, divided := strings.Cut(text, "/")
	if !isName(name) || divided && !isName(under) {
		return "", fmt.Errorf("%s is no name of a metric: letters, digits and _, as log_bytes/op", quote(text))
	}
	switch {
	case !divided:
		return name, nil
	case under != "op":
		return name + "/" + under, nil
	case strings.HasSuffix(name, "_per_op") || perOp[name]:
		return name, nil
	}
	return name + "_per_op", nil
}

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
			return false
		}
	}
	return s != ""
}

// shown is a canonical name as a limit would be typed.
func shown(metric string) string {
	if name, ok := strings.CutSuffix(metric, "_per_op"); ok {
		return name + "/op"
	}
	return metric
}

// bound is the limit as a number, in base units of the figure. base is the baseline's value where the expression is relative.
func (e *Expression) bound(of Dimension, base float64) float64 {
	b := e.Bound.Value
	switch {
	case !e.Relative && of == Ratio && e.Bound.Of == Change:
		return 1 + b
	case !e.Relative:
		return b
	case e.Bound.Of == Change:
		b *= base
	}
	if e.Less {
		b = -b
	}
	return base + b
}

// fits says why the bound is of another dimension than the figure, nil where it is not.
func (e *Expression) fits(of Dimension) error {
	got := e.Bound.Of
	ok := got == of || got == Change && (e.Relative || of == Ratio) || got == Plain && of == Ratio || e.Relative && e.Bound.Value == 0
	if ok || e.Bound.Value == 0 && got == Plain {
		return nil
	}
	return fmt.Errorf("%s is %s, and the bound of %s is %s", shown(e.Metric), of, quote(e.Text), got)
}
