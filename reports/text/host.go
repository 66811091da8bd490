package text

import (
	"fmt"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// warnings prints soft trouble with its cure.
func (v *view) warnings(p *page) {
	p.gap()
	for _, w := range v.run.Warnings {
		if w.Cure == "" {
			p.prose(plain, "warn", "%s", w.Text)
		} else {
			p.prose(plain, "warn", "%s -> %s", w.Text, w.Cure)
		}
	}
	for _, line := range v.run.Environment.PluginsOff {
		p.prose(plain, "warn", "plugin %s is active on the host and was not run -> its cost comes on top", line)
	}
}

// host tells how the machine was left. The commands are for pasting, so they are neither wrapped nor cut.
func (v *view) host(p *page) {
	p.gap()
	restored := v.run.Restored
	if restored.Unknown {
		p.prose(bold, "host", "how the machine was left is not known; where rules are missing, auditprof restore puts them back")
		return
	}
	absent := "own rules were never absent"
	if restored.AbsentNs > 0 {
		absent = "own rules absent " + unit.Long(time.Duration(restored.AbsentNs))
	}
	if restored.OK {
		p.prose(plain, "host", "restored as found; %s", absent)
		return
	}
	p.prose(alarm, "host", "NOT RESTORED; %s. Run as root, in this order:", absent)
	if len(restored.Commands) == 0 {
		p.verbatim("  auditprof restore")
	}
	for _, c := range restored.Commands {
		p.verbatim("  " + c)
	}
}

// next gives the one step that this run calls for, the most urgent first.
func (v *view) next(p *page) {
	p.prose(bold, "next", "%s", v.step())
	if v.options.OutDir != "" {
		p.prose(plain, "files", "%s: result.json, slots.jsonl, rules as loaded%s", v.options.OutDir, v.keptLogs())
	}
}

// keptLogs says that logs are there too, and how large.
func (v *view) keptLogs() string {
	if len(v.run.Logs) == 0 {
		return ""
	}
	var packed int64
	for _, l := range v.run.Logs {
		packed += l.PackedBytes
	}
	return fmt.Sprintf(", %s (%s)", plural(len(v.run.Logs), "log"), unit.Bytes(float64(packed)))
}

func (v *view) step() string {
	switch worst, found := v.worstOfAll(); {
	case !v.run.Restored.OK:
		return "put the machine back with the commands above, or with auditprof restore"
	case v.onlySwept():
		return "measure what the sets cost below that rate: run bench without --sweep"
	case v.unexplained():
		return "keep the run directory and report it: books that do not close are a defect of auditprof"
	case v.lossy() != "":
		return "raise the backlog limit (-b) or quiet the noisiest rule of " + v.lossy() + ", then run bench again"
	case len(v.run.Results) == 0 || v.run.Ended != complete:
		return "run bench again to its end: rounds that are missing make intervals wide"
	case v.run.Quick || v.run.RoundsDone < verdictRounds:
		return "run bench without --quick: 12 rounds give intervals and a verdict"
	case !found:
		return "give a candidate with --rules to measure it against this"
	case value(worst, result.FilterTaxPerOp) > value(worst, result.RecordCostPerOp):
		return "the walk itself costs most: fewer rules, each with arch= and -S, watches on files and not on directories; then run bench again"
	default:
		return v.narrow(worst)
	}
}

func (v *view) narrow(r result.Result) string {
	top, part, ok := v.noisiest(r.Scenario, r.Arm)
	if !ok {
		return "nothing was recorded on " + r.Scenario + ": try a scenario nearer to your load (auditprof scenarios)"
	}
	if len(v.run.Logs) > 0 && v.options.OutDir != "" {
		return "what of it nobody needs, and what an attacker could not hide in: auditprof suggest-exclusions --run " + v.options.OutDir
	}
	return "narrow or drop " + v.file(top.File) + ":" + unit.Count(int64(top.Line)) + ", which writes " + unit.Percent(part) + " of the bytes on " +
		r.Scenario + ", and run bench again"
}

func (v *view) dearer(a, b result.Result) bool {
	if told := v.told(a); told != v.told(b) {
		return told
	}
	return slowness(a) > slowness(b)
}

// worstOfAll is the first finding of the judged arm that is slowed down most.
func (v *view) worstOfAll() (worst result.Result, found bool) {
	for _, a := range v.judged() {
		if list := v.hurt(a.Name); len(list) > 0 && (!found || v.dearer(list[0], worst)) {
			worst, found = list[0], true
		}
	}
	return worst, found
}

func (v *view) lossy() string {
	for _, r := range v.run.Results {
		if loss(r) != "" {
			return r.Arm
		}
	}
	return ""
}

func (v *view) unexplained() bool {
	for _, b := range v.run.Books {
		if b.UnexplainedBytes > 0 || b.UnexplainedEvents > 0 {
			return true
		}
	}
	return false
}
