package suggest

import (
	"bytes"
	"maps"
	"slices"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
)

// A module that is loaded makes files in tracefs and debugfs, and each is a PATH record or two of the call that loads it: names that no
// program gave, so they have none in the log, only a device (kernel/auditsc.c: __audit_inode_child).

// kernelFolders are where file systems are mounted that the kernel alone fills, by the words of -F fstype= (lib/fstypetab.h).
var kernelFolders = [...]struct{ folder, fstype string }{
	{"/sys/kernel/debug/tracing", "tracefs"}, {"/sys/kernel/tracing", "tracefs"}, {"/sys/kernel/debug", "debugfs"}}

// mounts counts the PATH records without a name in calls that load modules, by device, and learns which device is which file system.
type mounts struct {
	fstypes map[uint64]string
	records map[uint64]*Parts
}

// maxDevices bounds both: devices without a disk have numbers that the kernel chooses.
const maxDevices = 256

func deviceOf(n *event.Name) uint64 { return uint64(n.DevMajor)<<32 | uint64(n.DevMinor) }

// named learns from a name what its device is.
func (m *mounts) named(path []byte, n *event.Name) {
	if !bytes.HasPrefix(path, []byte("/sys/kernel/")) || n.DevMajor != 0 || len(m.fstypes) >= maxDevices {
		return
	}
	for _, k := range kernelFolders {
		if below(string(path), k.folder) {
			if m.fstypes == nil {
				m.fstypes = map[uint64]string{}
			}
			m.fstypes[deviceOf(n)] = k.fstype
			return
		}
	}
}

// load counts the records of one event that loads or unloads a module.
func (m *mounts) load(r *analyze.Row, tested bool) {
	for i := range r.Event.Records {
		rec := &r.Event.Records[i]
		item, ok := rec.Uint("item")
		if string(rec.Type) != "PATH" || !ok {
			continue
		}
		at := slices.IndexFunc(r.Call.Names, func(n event.Name) bool { return uint64(n.Item) == item })
		if at < 0 || r.Call.Names[at].HasName || !r.Call.Names[at].HasInode || r.Call.Names[at].DevMajor != 0 {
			continue
		}
		m.count(deviceOf(&r.Call.Names[at]), tested, Volume{Records: 1, Bytes: uint64(max(rec.Length, 0))})
	}
}

func (m *mounts) count(device uint64, tested bool, v Volume) {
	p := m.records[device]
	if p == nil {
		if len(m.records) >= maxDevices {
			return
		}
		if m.records == nil {
			m.records = map[uint64]*Parts{}
		}
		p = &Parts{}
		m.records[device] = p
	}
	p.add(tested, v)
}

// list is what the file systems make of which the log, or the host, says what they are.
func (m *mounts) list(known map[uint64]string) (out []Mounted) {
	sums := map[string]*Parts{}
	for device, p := range m.records {
		fstype, ok := known[device]
		if !ok {
			fstype, ok = m.fstypes[device]
		}
		if !ok {
			continue
		}
		if sums[fstype] == nil {
			sums[fstype] = &Parts{}
		}
		sums[fstype].join(*p)
	}
	for _, fstype := range slices.Sorted(maps.Keys(sums)) {
		out = append(out, Mounted{fstype, *sums[fstype]})
	}
	return out
}
