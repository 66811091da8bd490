package ruleset

import (
	"bytes"
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Observed is what a log says of the host that wrote it. The zero value is ready; Add it every event, in order.
//
// The first DAEMON_START tells auditd's version, which is auditctl's (both are of one package), and the kernel's (audit-userspace
// src/auditd.c: "op=start ver=%s format=%s kernel=%.56s"); arch= of SYSCALL tells the machine.
type Observed struct {
	target  Target
	first   start
	machine uint32
	remarks []string
}

// start is one DAEMON_START.
type start struct {
	node        string
	ver, kernel string
}

var (
	daemonStart = []byte("DAEMON_START")
	syscallType = []byte("SYSCALL")
)

// Add looks at one event.
func (o *Observed) Add(ev *event.Event) {
	for i := range ev.Records {
		rec := &ev.Records[i]
		switch {
		case o.machine == 0 && bytes.Equal(rec.Type, syscallType):
			o.arch(rec)
		case bytes.Equal(rec.Type, daemonStart):
			o.start(rec)
		}
	}
}

// arch keeps the machine. A 32-bit call may come from a program on a 64-bit machine, which has both.
func (o *Observed) arch(rec *record.Record) {
	nr, ok := rec.Hex("arch")
	switch {
	case !ok:
	case uint32(nr) == names.ArchI386:
		o.target.Machine = names.ArchX86_64
	case uint32(nr) == names.ArchARM:
		o.target.Machine = names.ArchAArch64
	case names.HasSyscalls(uint32(nr)):
		o.machine, o.target.Machine = uint32(nr), uint32(nr)
	}
}

// maxText bounds what is kept of a hostile record.
const maxText = 64

func (o *Observed) start(rec *record.Record) {
	s := start{node: string(rec.Node[:min(len(rec.Node), maxText)])}
	s.ver, s.kernel = field(rec, "ver"), field(rec, "kernel")
	if s.ver == "" && s.kernel == "" {
		return
	}
	if o.first == (start{}) {
		o.first = s
		o.take(s)
		return
	}
	if s.node == o.first.node && (s.ver != o.first.ver || s.kernel != o.first.kernel) {
		o.remark(fmt.Sprintf("auditd %s on kernel %s took over at %d.%03d: the rules are read, and the events decided, as by auditd %s on kernel %s before",
			s.ver, s.kernel, rec.Sec, rec.Milli, o.first.ver, o.first.kernel))
	}
	if s.node != o.first.node {
		o.remark(fmt.Sprintf("the log is of more than one host: the rules are read as for the first, node %q, auditd %s on kernel %s", o.first.node, o.first.ver, o.first.kernel))
	}
}

func field(rec *record.Record, name string) string {
	v, ok := rec.Field(name)
	if !ok {
		return ""
	}
	return string(v[:min(len(v), maxText)])
}

// take makes the target of the first start. What cannot be read stays unknown.
func (o *Observed) take(s start) {
	if k, err := match.ParseVersion(s.kernel); err == nil {
		o.target.Kernel = k
	}
	d, err := rule.DialectOf(s.ver)
	switch {
	case err == nil:
		o.target.Auditctl = d
	case isOld(s.ver):
		o.target.Auditctl = rule.Dialect3_0
		o.remark(fmt.Sprintf("auditd %s wrote the log: its rules are read as auditctl %s would", s.ver, rule.Dialect3_0))
	}
}

// isOld tells versions before 3.0, whose rule text means the same as that of 3.0.
func isOld(ver string) bool {
	return len(ver) > 2 && (ver[0] == '1' || ver[0] == '2') && ver[1] == '.'
}

func (o *Observed) remark(text string) {
	for _, have := range o.remarks {
		if have == text {
			return
		}
	}
	if len(o.remarks) < maxRemarks {
		o.remarks = append(o.remarks, text)
	}
}

// Target is what the events so far tell.
func (o *Observed) Target() Target { return o.target }

// Remarks say what is not as one target would have it: an upgrade in mid-log, several hosts.
func (o *Observed) Remarks() []string { return o.remarks }
