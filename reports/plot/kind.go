package plot

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// Kind is one picture of a run.
type Kind struct {
	Name  string // as --plot takes it
	Shows string // one line
	draw  func(run *result.Run, slots []result.Slot) (figure, error)
}

// Kinds are all pictures; the first is the one that is drawn when none is named.
var Kinds = []Kind{
	{"slowdown", "wall time of each rule set by that without audit, with intervals", nil},
	{"latency", "latency of single operations by percentile", latency},
	{"backlog", "records that wait in the kernel over a slot", backlog},
	{"cpu", "CPU of auditd over a slot, median of the rounds", cpuCourse.draw},
	{"memory", "memory of auditd over a slot, median of the rounds", memoryCourse.draw},
	{"volume", "share of the log's bytes by rule, the heaviest first", volume},
	{"tax", "filter tax against the number of rules", tax},
}

// NoFigures is what Draw refuses: a run that has nothing of what the picture shows.
type NoFigures struct {
	Kind string
	Why  string
}

func (e *NoFigures) Error() string { return fmt.Sprintf("plot the %s of a run: %s", e.Kind, e.Why) }

// Draw draws the named picture to w as "png" or "svg". One for which the run has no figures is a NoFigures.
func Draw(w io.Writer, name string, run *result.Run, slots []result.Slot, format string) error {
	if format != "png" && format != "svg" {
		return fmt.Errorf("plot format %q: png or svg", format)
	}
	var names []string
	for _, k := range Kinds {
		if k.Name != name {
			names = append(names, k.Name)
			continue
		}
		if k.draw == nil {
			return Slowdown(w, run, format)
		}
		f, err := k.draw(run, slots)
		if err != nil {
			return &NoFigures{name, err.Error()}
		}
		return f.write(w, format)
	}
	return fmt.Errorf("plot %q: one of %s", name, strings.Join(names, ", "))
}
