package main

import (
	"fmt"
	"io"
	"strings"
)

// goal is a ratio that has to be reached.
type goal struct {
	text    string
	ratio   float64
	atMost  bool // else at least
	limit   float64
	unknown string // why there is no ratio
}

func (g *goal) met() string {
	switch {
	case g.unknown != "":
		return "not known: " + g.unknown
	case g.atMost && g.ratio <= g.limit, !g.atMost && g.ratio >= g.limit:
		return "yes"
	}
	return "**no**"
}

// goals are the ratios of the figures to the goals of the project.
func goals(all []*figure) []goal {
	by := map[string]*figure{}
	for _, f := range all {
		by[f.name] = f
	}
	list := []goal{
		ratio(by, "times as fast as auparse", goLibaudit, oneCore, false, 40),
		ratio(by, "times as fast as laurel", laurelName, oneCore, false, 20),
		ratio(by, "times as fast as aureport, on the short log", aureport, ofShort, false, 100),
		ratio(by, "times the time of grep -c", oneCore, grepCount, true, 8),
		ratio(by, "times as fast on two cores", oneCore, twoCores, false, 1.7),
		compressed(by, "gzip", ofGzip, gunzip),
		compressed(by, "zstd", ofZstd, unzstd),
	}
	return append(list, peak(all))
}

// peak is the greatest memory of ours.
func peak(all []*figure) goal {
	g := goal{text: "MiB at most, peak memory", atMost: true, limit: 64}
	for _, f := range all {
		switch {
		case !strings.HasPrefix(f.name, "auditprof"):
		case f.failed != "":
			g.unknown = f.failed
		default:
			g.ratio = max(g.ratio, f.peakMiB)
		}
	}
	return g
}

// ratio is the time of slow over that of fast.
func ratio(by map[string]*figure, text, slow, fast string, atMost bool, limit float64) goal {
	g := goal{text: text, atMost: atMost, limit: limit}
	for _, name := range []string{slow, fast} {
		if by[name].failed != "" {
			g.unknown = by[name].failed
			return g
		}
	}
	g.ratio = by[slow].seconds / by[fast].seconds
	return g
}

// compressed compares with the plain run on the same cores, or with unpacking alone where that takes longer.
func compressed(by map[string]*figure, form, ours, unpack string) goal {
	against := twoCores
	if by[unpack].failed == "" && by[unpack].seconds > by[twoCores].seconds {
		against = unpack
	}
	return ratio(by, "times the time of "+against+", for "+form, ours, against, true, 1.2)
}

// print writes both tables in Markdown.
func print(w io.Writer, all []*figure) {
	fmt.Fprintln(w, "| command | cores | reads | seconds | MB/s | processor seconds | peak MiB |")
	fmt.Fprintln(w, "|---|---|---|---:|---:|---:|---:|")
	for _, f := range all {
		if f.failed != "" {
			fmt.Fprintf(w, "| %s | %s | %s | %s | | | |\n", f.name, f.cores, f.input, cell(f.failed))
			continue
		}
		fmt.Fprintf(w, "| %s | %s | %s | %.2f | %.0f | %.2f | %.0f |\n", f.name, f.cores, f.input, f.seconds, f.perSecond(), f.busy, f.peakMiB)
	}
	fmt.Fprintln(w, "\n| ratio | | goal | met |")
	fmt.Fprintln(w, "|---:|---|---:|---|")
	for _, g := range goals(all) {
		is, sign := fmt.Sprintf("%.2f", g.ratio), "≥"
		if g.unknown != "" {
			is = "?"
		}
		if g.atMost {
			sign = "≤"
		}
		fmt.Fprintf(w, "| %s | %s | %s %g | %s |\n", is, g.text, sign, g.limit, cell(g.met()))
	}
}

// cell is text that stays in one cell of a table.
func cell(text string) string { return strings.NewReplacer("|", "/", "\n", " ").Replace(text) }
