package analyze

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// Tally adds up the events of a log, in the order of the log, and makes the Profile of them. Its memory is bounded whatever the log holds:
// about 15 MiB and 700 bytes for each rule. Add allocates only where something is new. A Tally is not safe for concurrent use.
type Tally struct {
	rules  []ruleTally
	event  uint64 // events so far: tells whether a type was counted for this one
	total  Count
	origin [originCount]Count

	types    *typeTable
	keys     *nameTable
	exes     *nameTable
	syscalls *pairTable
	users    *pairTable
	sessions *pairTable
	userName map[uint32]string // by uid, as an ENRICHED log has it
	cells    *cellTable
	paths    *pathTree
	noPath   Count
	relative Count
	procs    *processes
	recent   recentRows
	hosts    *hosts
	time     *timeline
	bursts   *bursts

	unknown     unknownTally
	conflicts   conflictTally
	rests       [32]uint64
	partial     uint64
	unexplained []string

	unexplainedLate []string // those that were found before Amend, and come behind
	amended         bool     // what is counted now comes before what was counted before
	skipped         []Skipped

	exe, key []byte // memory for decoded text
}

type ruleTally struct {
	RuleID
	Count
	maybe uint64
}

// limits bound the tables of a Tally, in rows.
type limits struct {
	exes, keys, programs, chains, syscalls, users, sessions, cells, cellTypes, paths, ruleSeries int
}

var wide = limits{exes: 8192, keys: 4096, programs: 4096, chains: 8192, syscalls: 4096, users: 8192, sessions: 8192, cells: maxCells,
	cellTypes: maxCellTypes, paths: 16384, ruleSeries: 8192}

// NewTally returns a Tally without events, for the rules that Row.Rule is an index of. There may be none.
func NewTally(rules []RuleID) *Tally { return newTally(rules, wide) }

func newTally(rules []RuleID, l limits) *Tally {
	t := &Tally{types: newTypeTable(), userName: map[uint32]string{}, hosts: newHosts()}
	for _, r := range rules {
		t.rules = append(t.rules, ruleTally{RuleID: r})
	}
	t.keys = newNameTable(l.keys, func([]uint32) { t.recent.forget() })
	t.exes = newNameTable(l.exes, t.exesMoved)
	t.syscalls = newPairTable(l.syscalls, t.syscallsMoved)
	t.users = newPairTable(l.users, t.usersMoved)
	t.sessions = newPairTable(l.sessions, func([]uint32) { t.recent.forget() })
	t.cells = newCellTable(l.cells+2*len(rules), l.cellTypes, t.recent.forget)
	t.paths = newPathTree(l.paths)
	t.procs = newProcesses(l.programs, l.chains)
	t.time = newTimeline(len(rules), l.ruleSeries)
	t.bursts = newBursts(len(rules))
	return t
}

// Add counts one event. It keeps nothing of the row.
func (t *Tally) Add(r *Row) {
	t.event++
	n := r.count()
	t.total.add(n)
	if r.Partial {
		t.partial++
	}
	rule := t.addOrigin(r, n)
	sec := r.second()
	host := t.hosts.add(r, sec, n)
	t.time.add(sec, rule, n.Bytes)
	t.bursts.add(sec, rule)

	exe := t.textOf(r, HasExe, r.Exe, &t.exe)
	at := t.placesOf(r, cellKey{origin: r.Origin, rule: rule}, host, exe)
	t.exes.add(at.exe, n)
	t.syscalls.add(at.syscall, n)
	t.users.add(at.user, n)
	t.sessions.add(at.session, n)
	t.addRecords(r, at.cell, n)
	if at.key != otherID {
		t.keys.add(at.key, n)
	} else {
		t.addKeys(r, n)
	}
	t.addPath(r, n)
	t.procs.chains.add(t.procs.startedBy(r, host, exe, at.exe), n)
	t.addDoubts(r, n, sec)
}

// addOrigin counts the event for its origin and its rule, and returns the rule, NoRule where none recorded it. Bytes of origins are those of
// the file.
func (t *Tally) addOrigin(r *Row, n Count) (rule int) {
	t.origin[r.Origin].add(Count{1, n.Records, r.LogBytes})
	if r.Origin == Unexplained && r.First != nil {
		t.addUnexplained(r)
	}
	if r.Origin != Rules || r.Rule < 0 || r.Rule >= len(t.rules) {
		return NoRule
	}
	t.rules[r.Rule].Count.add(n)
	return r.Rule
}

// addRecords counts the records by type, over all and within their cell.
func (t *Tally) addRecords(r *Row, cell uint32, n Count) {
	t.cells.cells.add(cell, n)
	at := uint32(0)
	for i := range r.Records {
		slot, bytes := t.types.slot(r.Records[i].Type), uint64(r.Records[i].Bytes)
		t.types.add(slot, t.event, bytes)
		at = t.cells.addType(cell, at, slot, t.event, bytes)
	}
}

// addCell counts the records by type within their cell.
func (t *Tally) addCell(r *Row, key cellKey, n Count) {
	cell := t.cells.cell(key)
	t.cells.cells.add(cell, n)
	at := uint32(0)
	for i := range r.Records {
		at = t.cells.addType(cell, at, t.types.slot(r.Records[i].Type), t.event, uint64(r.Records[i].Bytes))
	}
}

// textOf is a field decoded, nil where there is none. It is valid until the same memory is used again.
func (t *Tally) textOf(r *Row, has Has, v record.Value, memory *[]byte) []byte {
	if r.Has&has == 0 {
		return nil
	}
	if v.Quote != 0 {
		return v.Text
	}
	*memory, _ = v.AppendUntrusted((*memory)[:0])
	return *memory
}

// addKeys counts the event for each of its keys.
func (t *Tally) addKeys(r *Row, n Count) {
	rest := t.textOf(r, HasKey, r.Key, &t.key)
	for more := true; more; {
		var key []byte
		key, rest, more = bytes.Cut(rest, []byte{1})
		t.keys.add(t.keys.id(key), n)
	}
}

func (t *Tally) addPath(r *Row, n Count) {
	switch {
	case len(r.Path) == 0:
		t.noPath.add(n)
	case r.Path[0] != '/':
		t.relative.add(n)
	default:
		t.paths.add(r.Path, n)
	}
}

func (t *Tally) syscall(r *Row) uint32 {
	if r.Has&HasSyscall == 0 {
		return absentID
	}
	key := pair{uint64(r.Arch), uint64(r.Syscall)}
	if r.Uring {
		key[0] = uringArch
	}
	id, _ := t.syscalls.id(key)
	return id
}

// uringArch stands for the architecture of io_uring operations.
const uringArch = 1 << 32

func (t *Tally) user(r *Row) uint32 {
	if r.Has&(HasUID|HasAUID) == 0 {
		return absentID
	}
	key := pair{number(r, HasAUID, r.AUID), number(r, HasUID, r.UID)}
	id, isNew := t.users.id(key)
	if isNew {
		t.learnName(r, "AUID", key[0])
		t.learnName(r, "UID", key[1])
	}
	return id
}

func (t *Tally) session(r *Row, host uint32) uint32 {
	if r.Has&HasSes == 0 {
		return absentID
	}
	id, _ := t.sessions.id(pair{uint64(host), uint64(r.Ses)})
	return id
}

// absentNumber stands in a pair for a number that the log does not have.
const absentNumber = 1 << 32

func number(r *Row, has Has, n uint32) uint64 {
	if r.Has&has == 0 {
		return absentNumber
	}
	return uint64(n)
}

const (
	maxUserNames = 4096
	maxUserName  = 64
)

// learnName looks for the name of a user where auditd put it (auditd.conf(5), log_format = ENRICHED).
func (t *Tally) learnName(r *Row, field string, uid uint64) {
	if r.Who == nil || uid >= unsetUser || len(t.userName) >= maxUserNames || t.userName[uint32(uid)] != "" {
		return
	}
	if name, ok := r.Who.Interpreted(field); ok && len(name) <= maxUserName {
		t.userName[uint32(uid)] = string(name)
	}
}

// unsetUser is the login uid of a process that nobody has logged in to (include/linux/uidgid.h: INVALID_UID).
const unsetUser = 1<<32 - 1

// exesMoved, syscallsMoved and usersMoved give the cells the new ids.
func (t *Tally) exesMoved(now []uint32) {
	t.recent.forget()
	t.procs.forgetExes()
	t.cells.rebuild(func(_ uint32, k cellKey) cellKey { k.exe = now[k.exe]; return k })
}

func (t *Tally) syscallsMoved(now []uint32) {
	t.recent.forget()
	t.cells.rebuild(func(_ uint32, k cellKey) cellKey { k.syscall = now[k.syscall]; return k })
}

func (t *Tally) usersMoved(now []uint32) {
	t.recent.forget()
	t.cells.rebuild(func(_ uint32, k cellKey) cellKey { k.user = now[k.user]; return k })
}
