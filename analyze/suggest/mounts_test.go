package suggest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
)

const finitModule = 313

// loadedModule is the event of a module that makes files in a file system of the kernel.
func loadedModule(device string, files int) []string {
	paths := []string{`name="/lib/modules/x.ko"` + inode}
	for n := range files {
		paths = append(paths, fmt.Sprintf("name=(null) inode=%d dev=%s mode=0100444 ouid=0 ogid=0 rdev=00:00 nametype=CREATE", n, device))
	}
	return paths
}

func TestFilesOfTheKernelAreCounted(t *testing.T) {
	for name, c := range map[string]struct {
		mounts []match.SnapshotMount
		seen   string // a file that the log shows
		want   []string
	}{
		"nobody knows":        {nil, "/sys/kernel/slab/x", nil},
		"the log shows":       {nil, "/sys/kernel/tracing/events/x", []string{"tracefs"}},
		"the log shows, too":  {nil, "/sys/kernel/debug/tracing/x", []string{"tracefs"}},
		"the other":           {nil, "/sys/kernel/debug/x", []string{"debugfs"}},
		"a snapshot":          {[]match.SnapshotMount{{Type: "debugfs", DevMinor: 0xc}, {Type: "ext4", DevMinor: 1}}, "/x", []string{"debugfs"}},
		"a snapshot of other": {[]match.SnapshotMount{{Type: "proc", DevMinor: 0xc}}, "/x", nil},
	} {
		l := NewLearner(LearnerOptions{Mounts: c.mounts})
		if err := errors.Join(
			l.Write(oneRow(t, finitModule, "", `"/"`, loadedModule("00:0c", 40)...)),
			l.Write(oneRow(t, openat, "", `"/"`, fmt.Sprintf("name=%q inode=5 dev=00:0c mode=0100600 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL", c.seen))),
			l.Write(oneRow(t, finitModule, "", `"/"`, loadedModule("fe:00", 40)...))); err != nil {
			t.Fatal(err)
		}
		n := l.Noise()
		var got []string
		for _, m := range n.Filesystems {
			got = append(got, m.Type)
			if m.Tested.Records+m.Learnt.Records != 40 || m.Tested.Bytes+m.Learnt.Bytes < 4000 {
				t.Errorf("%s: %+v", name, m)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestFilesystemIsProposed(t *testing.T) {
	n := noiseOf(t, fileRules, service("connect", func(b *Behaviour) { b.Rule, b.Exe = 4, "" }))
	n.Filesystems = []Mounted{{"tracefs", Parts{Volume{0, 190, 9_000}, Volume{0, 40, 4_000}}}}
	out := Propose(n, permissive{}, nil, Options{})
	if len(out.Proposals) != 1 || out.Proposals[0].Change.Lines()[0] != "-a never,filesystem -F fstype=tracefs" || out.Saved != n.Filesystems[0].Parts || out.Removable != out.Saved {
		t.Errorf("got %+v", out)
	}
	if out := Propose(n, gradedAs(Medium), nil, Options{}); len(out.Proposals) != 0 || len(out.Refusals) != 1 || out.Refusals[0].Saves.Bytes != 9_000 {
		t.Errorf("refused: got %+v", out)
	}
}
