package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/redact"
	"github.com/spf13/cobra"
)

// redactFlag is --redact: yes, no, or as the form has it.
type redactFlag struct {
	cmd   *cobra.Command
	value bool
}

func (f *redactFlag) add(cmd *cobra.Command, forms []string) {
	f.cmd = cmd
	cmd.Flags().BoolVar(&f.value, "redact", false, "leave out names of users and hosts, arguments, and what lies in homes (default for "+strings.Join(forms, ", ")+"; --redact=false keeps them)")
}

// wanted tells whether a form is redacted.
func (f redactFlag) wanted(leaves bool) bool {
	if f.cmd != nil && f.cmd.Flags().Changed("redact") {
		return f.value
	}
	return leaves
}

// redacted is the report without names: one redactor for all of it, so that a name has the same placeholder everywhere.
func (r runReport) redacted() runReport {
	red := newRedactor(workloads(r.run), hostOf(r.run)...)
	r.run, r.slots = red.Run(r.run), red.Slots(r.slots)
	r.advice = redactedAdvice(red, r.advice)
	r.remarks, r.text.OutDir = redactedTexts(red, r.remarks), red.Text(r.text.OutDir)
	return r
}

func (r profileReport) redacted() profileReport {
	red := newRedactor(nil)
	r.profile, r.advice = red.Profile(r.profile), redactedAdvice(red, r.advice)
	r.text.Logs, r.text.Rules, r.text.Remarks = red.Text(r.text.Logs), red.Text(r.text.Rules), redactedTexts(red, r.text.Remarks)
	steps := append(r.text.Next[:0:0], r.text.Next...)
	for i := range steps {
		steps[i].Command = red.Text(steps[i].Command)
	}
	r.text.Next = steps
	return r
}

func redactedAdvice(red *redact.Redactor, a *advice.Advice) *advice.Advice {
	if a == nil {
		return nil
	}
	return red.Advice(a)
}

func redactedTexts(red *redact.Redactor, list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, red.Text(s))
	}
	return out
}

func workloads(run *result.Run) (names []string) {
	for _, s := range run.Scenarios {
		names = append(names, s.Name)
	}
	return names
}

// hostOf is this host's name for a run that does not tell its own, as one of slots alone: it is mostly reported where it was made.
func hostOf(run *result.Run) []string {
	name, err := os.Hostname()
	if err != nil || run.Environment.Host != "" {
		return nil
	}
	return []string{name}
}

// newRedactor knows the people of this host too: a run is mostly reported where it was made.
func newRedactor(keep []string, hosts ...string) *redact.Redactor {
	o := redact.Options{Keep: keep, Hosts: hosts}
	f, err := os.Open("/etc/passwd")
	if err != nil {
		return redact.New(o)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Split(lines.Text(), ":") // passwd(5)
		if len(fields) < 7 {
			continue
		}
		if uid, err := strconv.ParseUint(fields[2], 10, 32); err == nil && uid >= 1000 && uid < 60000 { // those of people: login.defs(5), systemd
			o.People, o.Homes = append(o.People, fields[0]), append(o.Homes, fields[5])
		}
	}
	return redact.New(o)
}
