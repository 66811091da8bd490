package probe

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/rlimit"
)

// What of a session worked on this machine.
const (
	Syscalls  = "syscalls"  // times of system calls
	Scheduler = "scheduler" // running, waiting, sleeping
	Samples   = "samples"   // where clock ticks found a thread in the kernel
)

// tracepoints are the programs of a level, by the tracepoint each belongs to, in the order in which they are attached.
var tracepoints = map[string][]struct{ program, point string }{
	Syscalls: {{"on_fork", "sched_process_fork"}, {"on_exec", "sched_process_exec"}, {"on_end", "sched_process_exit"},
		{"on_enter", "sys_enter"}, {"on_exit", "sys_exit"}},
	Scheduler: {{"on_switch", "sched_switch"}, {"on_wakeup", "sched_wakeup"}},
}

// loaded is the maps, and what was put into the kernel to fill them.
type loaded struct {
	maps  *ebpf.Collection
	parts []*ebpf.Collection // programs, a level each
	links []link.Link
}

// loadMaps makes the maps, which every level fills.
func loadMaps() (*loaded, *ebpf.CollectionSpec, error) {
	// Before 5.11 maps counted as locked memory.
	if err := rlimit.RemoveMemlock(); err != nil {
		return nil, nil, fmt.Errorf("allow memory for BPF maps: %w", err)
	}
	spec, err := loadWatch()
	if err != nil {
		return nil, nil, fmt.Errorf("read the built-in BPF programs: %w", err)
	}
	maps, err := ebpf.NewCollection(&ebpf.CollectionSpec{Maps: spec.Maps, Types: spec.Types, ByteOrder: spec.ByteOrder})
	if err != nil {
		return nil, nil, fmt.Errorf("make BPF maps (needs root, or CAP_BPF and CAP_PERFMON): %w", err)
	}
	return &loaded{maps: maps}, spec, nil
}

// programs loads some programs of the spec over the maps that are there.
func (l *loaded) programs(spec *ebpf.CollectionSpec, names ...string) (*ebpf.Collection, error) {
	part := spec.Copy()
	wanted := map[string]*ebpf.ProgramSpec{}
	for _, n := range names {
		wanted[n] = part.Programs[n]
	}
	part.Programs = wanted
	c, err := ebpf.NewCollectionWithOptions(part, ebpf.CollectionOptions{MapReplacements: l.maps.Maps})
	if err != nil {
		return nil, err
	}
	l.parts = append(l.parts, c)
	return c, nil
}

// attach loads a level's programs and attaches all of them, or none.
func (l *loaded) attach(spec *ebpf.CollectionSpec, level string) error {
	var names []string
	for _, t := range tracepoints[level] {
		names = append(names, t.program)
	}
	c, err := l.programs(spec, names...)
	if err != nil {
		return err
	}
	var links []link.Link
	for _, t := range tracepoints[level] {
		k, err := link.AttachRawTracepoint(link.RawTracepointOptions{Name: t.point, Program: c.Programs[t.program]})
		if err != nil {
			return errors.Join(fmt.Errorf("attach to %s: %w", t.point, err), closeLinks(links))
		}
		links = append(links, k)
	}
	l.links = append(l.links, links...)
	return nil
}

// detach ends what fills the maps; they can still be read.
func (l *loaded) detach() error {
	err := closeLinks(l.links)
	l.links = nil
	return err
}

func closeLinks(links []link.Link) (err error) {
	for i := len(links) - 1; i >= 0; i-- {
		err = errors.Join(err, links[i].Close())
	}
	return err
}

// close leaves nothing in the kernel.
func (l *loaded) close() error {
	err := l.detach()
	for _, p := range l.parts {
		p.Close()
	}
	l.maps.Close()
	return err
}
