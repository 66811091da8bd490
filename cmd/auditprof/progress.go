package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/unit"
	"golang.org/x/term"
)

// progress shows on standard error how the run goes: one line that changes on a terminal, a line a round elsewhere.
type progress struct {
	out     io.Writer
	live    bool
	quiet   bool
	began   time.Time // of the slots that the forecast counts
	planned int       // steps done before them
	last    string
	width   int
}

func newProgress(out io.Writer, quiet bool) *progress {
	p := &progress{out: out, quiet: quiet, width: 80}
	if f, ok := out.(*os.File); ok {
		p.live = term.IsTerminal(int(f.Fd()))
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 20 {
			p.width = w
		}
	}
	return p
}

// Planned prints what the run will take before it takes it.
func (p *progress) Planned(f bench.Forecast) {
	if p.quiet {
		return
	}
	p.clear()
	for _, line := range planLines(f) {
		fmt.Fprintf(p.out, "auditprof: %s\n", line)
	}
	p.began = time.Now()
}

// Step tells of the slot that begins now.
func (p *progress) Step(done, total int, what string) {
	if p.quiet {
		return
	}
	if p.began.IsZero() {
		p.planned = done
	}
	left := ""
	if n := done - p.planned; !p.began.IsZero() && n > 2 && total > done {
		per := time.Since(p.began) / time.Duration(n-1)
		left = ", " + unit.Long(per*time.Duration(total-done+1)) + " left"
	}
	if p.live {
		p.show(fmt.Sprintf("[%d/%d%s] %s", done, total, left, escape.Line(what)))
		return
	}
	phase, _, _ := strings.Cut(what, ":")
	if head, _, _ := strings.Cut(phase, " "); head != "round" {
		phase = head
	}
	if phase != p.last {
		p.last = phase
		fmt.Fprintf(p.out, "auditprof: %s%s\n", escape.Line(phase), left)
	}
}

// show puts text in the place of what the line showed.
func (p *progress) show(text string) {
	line := "auditprof: " + text
	p.clear()
	fmt.Fprint(p.out, line[:min(len(line), p.width-1)])
}

// end leaves the line to what comes next.
func (p *progress) end() { p.clear() }

func (p *progress) clear() {
	if p.live && !p.quiet {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
