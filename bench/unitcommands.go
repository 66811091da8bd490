package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/internal/kernel"
)

// ErrMetric: the command of --metric did not print a number.
var ErrMetric = errors.New("--metric: the command did not say a number")

// Bounds of the user's commands.
const (
	metricLimit   = 30 * time.Second
	restartLimit  = 90 * time.Second // as long as systemd gives a unit by default (systemd-system.conf(5), DefaultTimeoutStartSec)
	controlLimit  = 10 * time.Second
	maxSaid       = 64 << 10 // bytes of output that are looked at
	settleUnit    = 500 * time.Millisecond
	systemdFolder = "/run/systemd/system" // there where systemd is init (sd_booted(3))
)

// run runs a command without a shell, in a process group of its own that ends with ctx, and gives the first maxSaid bytes of its output.
func run(ctx context.Context, limit time.Duration, marked bool, argv []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return "", err
	}
	out, said := &firstBytes{}, &firstBytes{}
	cmd := exec.CommandContext(ctx, path, argv[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = out, said, &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second // a daemon that it started may hold its output
	start := cmd.Start
	if marked {
		start = func() error { return kernel.StartMarked(cmd) }
	}
	if err := start(); err != nil {
		return "", err
	}
	err = cmd.Wait()
	switch {
	case errors.Is(err, exec.ErrWaitDelay):
	case ctx.Err() != nil:
		return "", fmt.Errorf("%.100q did not end: %w", argv[0], ctx.Err())
	case err != nil:
		return "", fmt.Errorf("%.100q: %w: %.200q", argv[0], err, oneLine(said.String()))
	}
	return out.String(), nil
}

// firstBytes keeps the beginning of what is written. It embeds no buffer: io.Copy would read into that by itself, without a bound.
type firstBytes struct{ kept bytes.Buffer }

func (b *firstBytes) Write(p []byte) (int, error) {
	b.kept.Write(p[:min(len(p), max(0, maxSaid-b.kept.Len()))])
	return len(p), nil
}

func (b *firstBytes) String() string { return b.kept.String() }

// metricOf runs the user's command and takes the last number that it printed.
func metricOf(ctx context.Context, argv []string) (float64, error) {
	out, err := run(ctx, metricLimit, false, argv)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrMetric, err)
	}
	v, ok := lastNumber(out)
	if !ok {
		return 0, fmt.Errorf("%w: it printed %.100q", ErrMetric, oneLine(out))
	}
	return v, nil
}

// lastNumber is the last word that is a finite number, with a unit or punctuation behind it or not: "tps = 812.5 (without ...)" is 812.5.
func lastNumber(text string) (float64, bool) {
	words := strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789.eE+-", r) })
	for i := len(words) - 1; i >= 0; i-- {
		word := strings.Trim(words[i], ".eE")
		if v, err := strconv.ParseFloat(word, 64); err == nil && !math.IsInf(v, 0) && !math.IsNaN(v) {
			return v, true
		}
	}
	return 0, false
}

// joinWords is a command as it may be typed again.
func joinWords(argv []string) string {
	var words []string
	for _, w := range argv {
		if w == "" || strings.ContainsAny(w, " \t\n'\"\\") {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// unitGroup is the unit's cgroup: systemd says which where it is init, else the one that is called so.
func unitGroup(ctx context.Context, name string) (*cgroup.Group, error) {
	list, err := cgroup.Mounted()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(systemdFolder); err == nil && !filepath.IsAbs(name) {
		out, err := run(ctx, controlLimit, false, []string{"systemctl", "show", "--property=ControlGroup", "--value", "--", name})
		if err != nil {
			return nil, err
		}
		path := strings.TrimSpace(out)
		if path == "" {
			return nil, fmt.Errorf("%w: systemd knows none for %.200q: is it running? (systemctl status)", cgroup.ErrNoService, name)
		}
		return cgroup.Find(list, path)
	}
	return cgroup.Find(list, name)
}

// restartUnit restarts the unit and waits until it has processes. With noContext the command carries the mark under which no audit context is
// made: what it forks itself has none, what init forks in its place has.
func restartUnit(ctx context.Context, u *unit, noContext bool) error {
	if filepath.IsAbs(u.Name) {
		return fmt.Errorf("%w: a cgroup cannot be restarted: name the unit", ErrUnit)
	}
	u.beat()
	if _, err := run(ctx, restartLimit, noContext, []string{"systemctl", "restart", "--", u.Name}); err != nil {
		return fmt.Errorf("%w: restart: %w", ErrUnit, err)
	}
	u.beat()
	if err := u.sleep(ctx, settleUnit); err != nil {
		return err
	}
	return u.reopen()
}

// reopen takes the group that the unit has now. systemd removes the group of a unit that is not active and makes another of the same name
// (systemd's src/core/unit.c: unit_prune_cgroup): the file of the one before reads as ENODEV.
func (u *unit) reopen() error {
	g, err := cgroup.Open(u.group.Dir)
	if err != nil {
		return fmt.Errorf("%w: after its restart: %w", ErrUnit, err)
	}
	u.group.Close() // nothing was written to it
	u.group = g
	_, err = u.pids()
	return err
}
