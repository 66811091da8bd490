package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/analyze/logs"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/scenarios"
	"github.com/spf13/cobra"
)

func (c Command) scenariosReplay() *cobra.Command {
	var from []string
	var to string
	cmd := &cobra.Command{
		Use:   "replay --from LOG [--output FILE.yaml]",
		Short: "Make a scenario with the system call mix of a recorded log",
		Long: `replay counts the system calls of an audit log and writes a scenario that makes them in the same shares, for bench --scenario FILE.yaml.
A LOG is a file, a directory as /var/log/audit, plain, gzip or zstd, or - for standard input.

No name of the log is in the scenario: no path, argument, user or key. What cannot be replayed is named on standard error and in comments of the
file, with its share. A log holds only what the rules of its host recorded.`,
		Example: "  auditprof scenarios replay --from /var/log/audit --output site.yaml\n  sudo auditprof bench --rules new.rules --scenario ./site.yaml",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(from) == 0 {
				return usageError{errors.New("no log to replay: name one with --from")}
			}
			if err := checkOutputs([]output{{"--output", to}}, from); err != nil {
				return usageError{err}
			}
			if to != "" && to != "-" {
				if _, err := scenarios.Read(to, "mix: {nothing: 1}"); err != nil { // its name is the scenario's
					return usageError{err}
				}
			}
			return c.replay(cmd.Context(), from, to)
		},
	}
	cmd.Flags().StringArrayVar(&from, "from", nil, "recorded log (may be repeated)")
	cmd.Flags().StringVar(&to, "output", "", "file to write (default: standard output)")
	return cmd
}

// replay reads the logs, writes the scenario and says what it leaves out.
func (c Command) replay(ctx context.Context, from []string, output string) error {
	in, err := logs.Open(from, c.In, logs.Options{})
	if err != nil {
		return usageError{err}
	}
	defer in.Close()
	rec := &recorder{}
	if err := rec.read(ctx, in); err != nil {
		return fmt.Errorf("read the logs: %w", err)
	}
	mix, err := rec.Replay(rec.last - rec.first)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", logsName(from, in), err)}
	}
	write := func(w io.Writer) error { _, err := io.WriteString(w, mix.Text); return err }
	if output == "" || output == "-" {
		err = write(c.Out)
	} else {
		err = writeWhole(output, write)
	}
	if err != nil {
		return err
	}
	return c.sayReplay(mix)
}

// maxLeftSaid is how many kinds of calls that are not replayed are named on standard error; the file has more.
const maxLeftSaid = 8

func (c Command) sayReplay(mix scenarios.Replay) error {
	share := func(n uint64) float64 { return 100 * float64(n) / float64(mix.Calls) }
	lines := []string{fmt.Sprintf("%d of %d system calls are replayed (%.1f %%)", mix.Replayed, mix.Calls, share(mix.Replayed))}
	for i, s := range mix.Left {
		if i == maxLeftSaid {
			lines = append(lines, fmt.Sprintf("not replayed: %d more kinds, named in the file", len(mix.Left)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("not replayed: %s, %.1f %%", s.What, share(s.Calls)))
	}
	for _, a := range mix.Added {
		lines = append(lines, "put in: "+a)
	}
	for _, line := range lines {
		if _, err := fmt.Fprintf(c.Err, "auditprof: %s\n", line); err != nil {
			return err
		}
	}
	return nil
}

// recorder counts the system calls of logs, and when the first and the last of them was.
type recorder struct {
	scenarios.Recording
	first, last float64 // seconds since 1970
	call        event.Call
}

func (r *recorder) read(ctx context.Context, in *logs.Input) error {
	asm := event.NewAssembler(event.Options{})
	for in.Scan() {
		asm.Push(in.Record())
		r.take(asm)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	asm.Flush()
	r.take(asm)
	return in.Err()
}

// take counts the events that are complete.
func (r *recorder) take(asm *event.Assembler) {
	for ev := asm.Next(); ev != nil; ev = asm.Next() {
		if !r.call.Read(ev) {
			continue // messages, and what the kernel records by itself
		}
		at := float64(ev.Sec) + float64(ev.Milli)/1e3
		if r.first == 0 || at < r.first {
			r.first = at
		}
		r.last = max(r.last, at)
		if r.call.Uring {
			r.AddOther("io_uring")
			continue
		}
		r.Add(replayable(&r.call))
	}
}

// replayable takes of a call what a replay needs: numbers, and names of the kernel's own tables.
func replayable(c *event.Call) scenarios.RecordedCall {
	out := scenarios.RecordedCall{Family: c.Family, Errno: errnoOf(c), Depth: depthOf(c), Login: c.Has&event.HasAUID != 0 && c.AUID != scenarios.LoginUIDUnset}
	if c.Syscall < 1<<31 {
		out.Syscall, _ = names.Syscall(c.Arch, int(c.Syscall))
	}
	switch out.Syscall {
	case "open":
		out.Flags = c.A[1]
	case "openat", "unlinkat":
		out.Flags = c.A[2]
	case "openat2":
		out.Flags = uint64(max(0, c.Openat2Flags))
	}
	for i := range c.Names {
		out.Created = out.Created || c.Names[i].Type == event.NameCreate
	}
	return out
}

// errnoOf is the name of the error, "" of a call that succeeded. Calls that end in a restart have numbers above those of errno(3).
func errnoOf(c *event.Call) string {
	if c.Success || c.Has&event.HasSuccess == 0 {
		return ""
	}
	if c.Exit < 0 && c.Exit > -4096 {
		if name, ok := names.Errno(int(-c.Exit)); ok {
			return name
		}
	}
	return "?"
}

// depthOf counts the directories above the last name of a call, 0 where it has none.
func depthOf(c *event.Call) int {
	for i := len(c.Names) - 1; i >= 0; i-- {
		if n := c.Names[i]; n.HasName && n.Type != event.NameParent {
			return depth(n.Name, c.Cwd)
		}
	}
	return 0
}

func depth(name, cwd record.Value) int {
	path, ok := name.AppendUntrusted(nil)
	if !ok || len(path) == 0 {
		return 0
	}
	dirs := strings.Count(string(path), "/")
	if path[0] == '/' {
		return dirs - 1
	}
	below, ok := cwd.AppendUntrusted(nil)
	if !ok || len(below) == 0 || below[0] != '/' {
		return 0
	}
	return dirs + len(strings.FieldsFunc(string(below), func(r rune) bool { return r == '/' }))
}
