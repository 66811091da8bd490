package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// table prints what was measured so far, as docs/method.md shows it.
func table(w io.Writer, dir string) error {
	aa, err := kept[aaRun](dir, "aa")
	if err != nil {
		return err
	}
	planted, err := kept[plantedRun](dir, "planted")
	if err != nil {
		return err
	}
	planned, err := kept[plantedRun](dir, "plan")
	if err != nil {
		return err
	}
	if len(aa) > 0 {
		aaTable(w, aa)
	}
	if len(planted) > 0 {
		plantedTable(w, planned, planted)
	}
	return nil
}

func aaTable(w io.Writer, runs []aaRun) {
	fmt.Fprintf(w, "| the same rules against themselves | comparisons | false verdicts | share [95 %%, exact] |\n|---|---|---|---|\n")
	for _, machine := range []struct {
		name string
		of   func(aaRun) bool
	}{{"all", func(aaRun) bool { return true }}, {"a busy neighbour", func(r aaRun) bool { return r.Busy }}, {"none", func(r aaRun) bool { return !r.Busy }}} {
		for _, metric := range []struct{ name, id string }{{"CPU or wall time", ""}, {"CPU", result.CPURatio}, {"wall time", result.Slowdown}} {
			n, wrong := 0, 0
			for _, r := range runs {
				for _, c := range r.Comparisons {
					if !machine.of(r) || metric.id != "" && c.Metric != metric.id {
						continue
					}
					if n++; c.Wrong {
						wrong++
					}
				}
			}
			interval := share(wrong, n)
			if metric.id == "" {
				interval = shareOfPairs(wrong, n)
			}
			fmt.Fprintf(w, "| %s, %s | %d | %d | %s |\n", metric.name, machine.name, n, wrong, interval)
		}
	}
	told, thrown, seconds := 0, 0, 0.0
	for _, r := range runs {
		seconds += r.Seconds
		if r.AnyOfRun {
			told++
		}
		if r.Thrown {
			thrown++
		}
	}
	fmt.Fprintf(w, "| whole runs, after Holm | %d runs | %d | %s |\n", len(runs), told, share(told, len(runs)))
	fmt.Fprintf(w, "\n%d rounds each, every comparison a test of its own at 5 %%. CPU and wall time of a pair go together: where both are counted, the interval is that of half as many. "+
		"%d runs were thrown away by their own A/A; %.0f s in all.\n\n", aaRounds, thrown, seconds)
}

func plantedTable(w io.Writer, planned, runs []plantedRun) {
	fmt.Fprintf(w, "| planted | runs | rounds | found | share [95 %%, exact] | median estimate | noise of a round |\n|---|---|---|---|---|---|---|\n")
	seconds := 0.0
	for _, r := range runs {
		seconds += r.Seconds
	}
	for _, p := range plants {
		metric, name, size := result.CPURatio, "CPU", p.CPU
		if p.Wall > 0 {
			metric, name, size = result.Slowdown, "wall time", p.Wall
		}
		var ratios, noises []float64
		found := 0
		for _, r := range runs {
			for _, c := range r.Controls {
				if c.Metric != metric {
					continue
				}
				ratios, noises = append(ratios, c.Ratio), append(noises, c.Noise)
				if c.Found {
					found++
				}
			}
		}
		fmt.Fprintf(w, "| %g %% %s | %d | %d | %d | %s | %+.1f %% | %.1f %% |\n", 100*size, name, len(ratios), mostOf(runs), found, share(found, len(ratios)),
			100*(stat.Median(ratios)-1), 100*stat.Median(noises))
	}
	fmt.Fprintf(w, "\n%.0f s in all.\n", seconds)
	if slices.ContainsFunc(planned, func(p plantedRun) bool { return p.Capped }) {
		fmt.Fprintf(w, "\nThe noise asked for more than %d rounds, which are the most that are run: less than 4 in 5 are to be expected.\n", mostRounds)
	}
}

// mostOf is the largest number of rounds of the runs: they all have it unless a run ended early.
func mostOf(runs []plantedRun) int {
	return slices.MaxFunc(runs, func(a, b plantedRun) int { return a.Rounds - b.Rounds }).Rounds
}

func share(k, n int) string {
	low, high := stat.BinomialInterval(k, n, stat.Confidence)
	return fmt.Sprintf("%.1f %% [%.1f %.1f]", 100*float64(k)/float64(max(n, 1)), 100*low, 100*high)
}

// shareOfPairs is the share of k of n comparisons of which two each are of the same pair: at the worst they always agree, and half as many are told.
func shareOfPairs(k, n int) string {
	low, _ := stat.BinomialInterval(k/2, n/2, stat.Confidence)
	_, high := stat.BinomialInterval((k+1)/2, n/2, stat.Confidence)
	return fmt.Sprintf("%.1f %% [%.1f %.1f]", 100*float64(k)/float64(max(n, 1)), 100*low, 100*high)
}
