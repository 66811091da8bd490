package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/auditprof/auditprof/internal/biglog"
)

func main() {
	s := new(setup)
	flag.StringVar(&s.auditprof, "auditprof", "bin/auditprof", "our command")
	flag.StringVar(&s.rules, "rules", "", "rule file or folder for it; default: those of the recorded log")
	flag.StringVar(&s.auparse, "auparse", "", "the auparse command of internal/peers")
	flag.StringVar(&s.laurel, "laurel", "laurel", "the laurel command")
	flag.Int64Var(&s.bytes, "bytes", 600e6, "size of the log")
	flag.Int64Var(&s.shortBytes, "short", 60e6, "size of the log for aureport")
	flag.IntVar(&s.runs, "runs", 5, "runs of the quick commands, of which the fastest counts")
	doc := flag.String("doc", "", "document whose marked part is replaced by the table")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, s, *doc); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s *setup, doc string) error {
	if why := missing("taskset"); why != "" {
		return fmt.Errorf("%s: install util-linux", why)
	}
	corpus, err := biglog.Corpus()
	if err == nil {
		_, err = os.Stat(filepath.Join(corpus, "recorded"))
	}
	if err != nil {
		fmt.Println("no comparison with peers: no recorded log, AUDITPROF_CORPUS names the corpus:", err)
		return nil
	}
	if s.rules == "" {
		s.rules = filepath.Join(corpus, "recorded", "rules.d")
	}
	l, err := makeLogs(s)
	if err != nil {
		return err
	}
	s.work = biglog.Folder()
	all := plan(s, l)
	measure(ctx, all)
	if err := ctx.Err(); err != nil {
		return err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %d cores, %s, %s.\n\n", processor(), runtime.NumCPU(), kernel(), time.Now().Format("2006-01-02"))
	print(&out, all)
	fmt.Print(out.String())
	if doc == "" {
		return nil
	}
	return writeInto(doc, out.String())
}

// measure runs all commands in rounds, so that a disturbance of some seconds does not fall on one alone.
func measure(ctx context.Context, all []*figure) {
	rounds := 0
	for _, f := range all {
		f.failed = f.why
		rounds = max(rounds, f.runs)
	}
	for round := range rounds {
		for _, f := range all {
			if round < f.runs && f.failed == "" && ctx.Err() == nil {
				fmt.Fprintf(os.Stderr, "\r\x1b[Kround %d of %d: %s", round+1, rounds, f.name)
				f.add(ctx)
			}
		}
	}
	fmt.Fprint(os.Stderr, "\r\x1b[K")
}

// processor is the model name of /proc/cpuinfo.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	_, rest, _ := strings.Cut(string(text), "model name")
	name, _, _ := strings.Cut(rest, "\n")
	return strings.TrimLeft(name, "\t :")
}

func kernel() string {
	out, err := exec.Command("uname", "-sr").Output()
	if err != nil {
		return "unknown kernel"
	}
	return strings.TrimSpace(string(out))
}
