package main

import (
	"cmp"
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/logs"
	"github.com/auditprof/auditprof/internal/audit/event"
)

// Bounds of what is taken from a log, in which names are chosen by whoever is audited: paths that are counted, with their bytes, folders of
// one path, and of the paths those that are looked at, the most frequent ones. An exclusion is never for a deeper folder (suggest.Behaviour).
const (
	maxCountedPaths = 100_000
	maxCountedBytes = 32 << 20
	maxFolders      = 32
	maxLookedPaths  = 20_000
)

// namesInLog counts the programs and the folders of files in a log, with all folders above them: what an exclusion could be for.
type namesInLog struct {
	events map[string]int
	bytes  int // of the names in it
	beyond int // names that had no room
}

// pathsOfLogs are the programs and folders that logs name most often, and how many more there are.
func (c Command) pathsOfLogs(ctx context.Context, names []string) (list []string, more int, err error) {
	in, err := logs.Open(names, c.In, logs.Options{})
	if err != nil {
		return nil, 0, err
	}
	defer in.Close()
	n := namesInLog{events: map[string]int{}}
	asm := event.NewAssembler(event.Options{})
	for in.Scan() {
		asm.Push(in.Record())
		n.take(asm)
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
	}
	asm.Flush()
	n.take(asm)
	list, more = n.most()
	return list, more, in.Err()
}

// take counts the events that are complete.
func (n *namesInLog) take(asm *event.Assembler) {
	var c event.Call
	var r analyze.Row
	for ev := asm.Next(); ev != nil; ev = asm.Next() {
		if !c.Read(ev) {
			continue
		}
		r.Fill(ev, &c)
		exe, _ := r.Exe.AppendUntrusted(nil)
		n.add(string(exe), false)
		n.add(string(r.Path), true)
	}
}

// add counts an absolute path, or the folders above it, the upper ones first.
func (n *namesInLog) add(p string, folders bool) {
	if !strings.HasPrefix(p, "/") || path.Clean(p) != p {
		return
	}
	if !folders {
		n.count(p)
		return
	}
	for i, depth := 1, 0; i < len(p) && depth < maxFolders; i++ {
		if p[i] == '/' {
			n.count(p[:i])
			depth++
		}
	}
}

func (n *namesInLog) count(p string) {
	if n.events[p] == 0 {
		if len(n.events) == maxCountedPaths || n.bytes+len(p) > maxCountedBytes {
			n.beyond++
			return
		}
		n.bytes += len(p)
		p = strings.Clone(p) // a folder is a part of a longer name, which is not to be kept
	}
	n.events[p]++
}

// most are the paths that came most often, and how many were left out.
func (n *namesInLog) most() (list []string, more int) {
	list = slices.SortedFunc(maps.Keys(n.events), func(a, b string) int {
		return cmp.Or(cmp.Compare(n.events[b], n.events[a]), strings.Compare(a, b))
	})
	keep := min(len(list), maxLookedPaths)
	return list[:keep], len(list) - keep + n.beyond
}
