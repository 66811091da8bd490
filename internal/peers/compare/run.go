package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// command is one line of the table.
type command struct {
	name  string
	why   string // why it cannot run; "" where it can
	cores string // as taskset(1) takes them
	args  []string
	stdin string // path, "" for none
	reads bool   // standard output is short and is read: grep stops at the first match where it is /dev/null
	runs  int
	input string // what it reads, in words
	bytes int64  // of plain log behind that
}

// figure is what the runs of a command took.
type figure struct {
	command
	seconds float64 // of the fastest run
	busy    float64 // seconds of processor time, user's and system's, of the run that took least
	peakMiB float64 // of the largest run
	failed  string  // why there is none
}

// perSecond is megabytes (10⁶ bytes) of plain log per second.
func (f *figure) perSecond() float64 { return float64(f.bytes) / 1e6 / f.seconds }

const limit = 30 * time.Minute // of one run

// add runs the command once more and keeps the better time.
func (f *figure) add(ctx context.Context) {
	if f.failed != "" {
		return
	}
	one, err := runOnce(ctx, &f.command)
	if err != nil {
		f.failed = err.Error()
		return
	}
	if f.seconds == 0 {
		f.seconds, f.busy = one.seconds, one.busy
	}
	f.seconds, f.busy = min(f.seconds, one.seconds), min(f.busy, one.busy)
	f.peakMiB = max(f.peakMiB, one.peakMiB)
}

func runOnce(ctx context.Context, c *command) (one figure, err error) {
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	cmd := exec.CommandContext(ctx, "taskset", append([]string{"-c", c.cores}, c.args...)...)
	var stderr, stdout bytes.Buffer
	cmd.Stderr = &stderr
	if c.reads {
		cmd.Stdout = &stdout
	}
	if c.stdin != "" {
		f, err := os.Open(c.stdin)
		if err != nil {
			return one, err
		}
		defer f.Close()
		cmd.Stdin = f
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return one, err
	}
	over := make(chan struct{})
	peak := make(chan float64)
	go func() { peak <- watchPeak(cmd.Process.Pid, over) }()
	err = cmd.Wait()
	one.seconds = time.Since(start).Seconds()
	close(over)
	one.peakMiB = <-peak
	if err != nil {
		return one, fmt.Errorf("%s: %w: %s", c.name, err, lastLine(stderr.String()))
	}
	one.busy = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	return one, nil
}

// watchPeak returns the greatest peak of resident memory that a process has shown until it is over, MiB.
func watchPeak(pid int, over <-chan struct{}) float64 {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	peak := 0.0
	for {
		select {
		case <-over:
			return peak
		case <-tick.C:
			peak = max(peak, peakOf(pid))
		}
	}
}

// peakOf is VmHWM of a process, 0 where it is gone.
func peakOf(pid int) float64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		return 0
	}
	return kib / 1024
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
