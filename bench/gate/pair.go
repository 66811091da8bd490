package gate

import "github.com/auditprof/auditprof/bench/result"

// Paired is a figure over the baseline's, round by round: narrower than what two intervals leave.
type Paired struct{ Low, High float64 }

// pairedBy are the comparisons of a run that stand for the ratio of two arms' figures: both slowdowns are of the same arm without audit.
var pairedBy = map[string]string{
	result.Slowdown: result.Slowdown, result.Wall: result.Slowdown, result.CPURatio: result.CPURatio, result.CPUPerOp: result.CPURatio,
}

// Pair gives figures of one arm the run's own comparison with another arm of it, where it has one.
func (f *Figures) Pair(run *result.Run, arm, baseArm string) {
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		for metric, by := range pairedBy {
			c, ok := run.Compared(s.Name, arm, baseArm, by)
			figure, there := s.Figures[metric]
			if !ok || !there || figure.AtLeast || c.Verdict == result.VerdictNoFigure || !(c.Low > 0) || c.N < leastRounds {
				continue
			}
			figure.Paired = &Paired{c.Low, c.High}
			s.Figures[metric] = figure
		}
	}
}

// against is the figure and the baseline that a relative limit is judged by. Of a pair the baseline is a point, and the interval is that of the ratio.
func (f Figure) against(base Figure) (Figure, Figure) {
	if f.Paired == nil || base.Value <= 0 {
		return f, base
	}
	f.Low, f.High = f.Paired.Low*base.Value, f.Paired.High*base.Value
	base.Low, base.High = base.Value, base.Value
	return f, base
}
