package analyze

import (
	"cmp"
	"slices"
	"strings"
)

const (
	maxHosts   = 1024
	silenceSec = 300 // a shorter time without an event is no hole
	holesKept  = 5
	bootDrop   = 1000 // serials that are so far behind are those of a new boot, not of an event that came late
)

// hosts follows the writers of a log: what each wrote, from when to when, and where a part is missing.
type hosts struct {
	ids      map[string]uint32
	rows     []hostRow
	last     uint32 // of the last event: most logs have one writer
	lastName string
	silence  Hole
	holes    []Hole
}

type hostRow struct {
	Host
	sec     int64  // of the latest event
	serial  uint64 // the highest of this boot
	seen    bool   // an event with a serial of the kernel's
	holeSec int64
}

func newHosts() *hosts {
	return &hosts{ids: map[string]uint32{}, rows: []hostRow{{Host: Host{Name: Other}}}}
}

// id is the host's number, 0 for all beyond the first maxHosts.
func (h *hosts) id(name string) uint32 {
	if name == h.lastName && h.last != 0 {
		return h.last
	}
	id, ok := h.ids[name]
	if !ok {
		if len(h.rows) > maxHosts {
			return 0
		}
		name = strings.Clone(name)
		id = uint32(len(h.rows))
		h.ids[name] = id
		h.rows = append(h.rows, hostRow{Host: Host{Name: name}})
	}
	h.last, h.lastName = id, h.rows[id].Name
	return id
}

func (h *hosts) add(r *Row, sec int64, n Count) (id uint32) {
	id = h.id(r.Node)
	host := &h.rows[id]
	if host.Events == 0 {
		host.FirstSec, host.LastSec = sec, sec
	}
	host.FirstSec, host.LastSec = min(host.FirstSec, sec), max(host.LastSec, sec)
	host.Count.add(n)
	if id == 0 || r.Daemon {
		return id // many hosts in one, or a serial of auditd's own
	}
	if host.seen && sec > host.sec {
		h.quiet(host, Hole{host.Name, host.sec, sec}, r.Serial)
	}
	host.follow(sec, r.Serial)
	return id
}

// follow keeps the latest time and the highest serial of this boot, which may be of two events: a call is timed when it begins and numbered
// when it ends.
func (host *hostRow) follow(sec int64, serial uint64) {
	booted := serial+bootDrop < host.serial && sec >= host.sec
	if !host.seen || serial > host.serial || booted {
		host.serial = serial
	}
	if !host.seen || sec > host.sec {
		host.sec = sec
	}
	host.seen = true
}

// quiet takes the time between two events of a host. The later one has the next serial where nothing is missing
// (kernel/audit.c:audit_serial), a smaller one where the host has booted.
func (h *hosts) quiet(host *hostRow, hole Hole, serial uint64) {
	if hole.Sec() > h.silence.Sec() {
		h.silence = hole
	}
	if hole.Sec() <= silenceSec || serial == host.serial+1 {
		return
	}
	host.serial = 0 // whatever comes now, it is not late
	host.Holes++
	host.holeSec += hole.Sec()
	h.holes = longest(append(h.holes, hole))
}

// longest keeps the longest holes, of equals the earliest.
func longest(list []Hole) []Hole {
	slices.SortFunc(list, func(x, y Hole) int {
		return cmp.Or(cmp.Compare(y.Sec(), x.Sec()), cmp.Compare(x.FromSec, y.FromSec), strings.Compare(x.Host, y.Host))
	})
	return list[:min(len(list), holesKept)]
}

func (h *hosts) window() Window {
	w := Window{Hosts: []Host{}, Silence: h.silence, Holes: append([]Hole{}, h.holes...)}
	for _, row := range h.rows {
		if row.Events == 0 {
			continue
		}
		row.CoveredSec = max(row.LastSec-row.FirstSec-row.holeSec, 0)
		w.Hosts = append(w.Hosts, row.Host)
	}
	w.tidy()
	return w
}
