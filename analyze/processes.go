package analyze

import (
	"bytes"
	"encoding/binary"
)

const (
	processSets = 8192
	processWays = 4
	maxChain    = 6 // programs of a chain; elder ones are left out
)

// processes remembers who started whom: the last pid, ppid and program that the log named. Its memory is fixed: of the processes that share a
// set, the one not heard of for longest is forgotten.
type processes struct {
	sets     [processSets][processWays]process
	programs *nameTable // what a chain consists of: exe, and the script of an interpreter
	chains   *nameTable // by chainText
	clock    uint64
	buf      []byte
}

type process struct {
	key      uint64 // of the node and the pid, never 0
	heard    uint64
	ppid     uint32
	exe      uint32 // id of the Tally's exes whose program it is, otherID where that is to be looked up
	program  uint32 // id of programs, absentID where no exe was named
	chain    uint32 // id of chains: what started it
	children uint32 // id of chains: what started its children, 0 where not made yet
}

// wholeChain begins the text of a chain whose eldest was started by process 1 or the kernel, partChain of another. The ids of the programs
// follow, four bytes each. The empty text is the chain of which nothing is known.
const (
	wholeChain = 'w'
	partChain  = 'p'
)

func newProcesses(programs, chains int) *processes {
	p := &processes{}
	p.programs = newNameTable(programs, p.programsMoved)
	p.chains = newNameTable(chains, p.chainsMoved)
	return p
}

func processKey(node, pid uint32) uint64 { return 1<<63 | uint64(node)<<32 | uint64(pid) }

// set is where a process is kept. The hash is not seeded, so that the same log always forgets the same.
func (p *processes) set(key uint64) *[processWays]process { return &p.sets[fold(key)%processSets] }

func (p *processes) find(key uint64) *process {
	set := p.set(key)
	for i := range set {
		if set[i].key == key {
			return &set[i]
		}
	}
	return nil
}

// startedBy enters what an event says of its process, and returns the chain that started it. exeID is the id of exe in another table: while
// it is the same, so is the program.
func (p *processes) startedBy(r *Row, node uint32, exe []byte, exeID uint32) (chain uint32) {
	if r.Has&HasPID == 0 {
		return absentID
	}
	p.clock++
	key := processKey(node, r.PID)
	self := p.find(key)
	if self == nil {
		self = p.replace(key)
	}
	self.heard = p.clock
	if len(exe) > 0 && (self.exe != exeID || exeID == otherID) {
		p.run(self, r, exe, exeID)
	}
	if r.Has&HasPPID == 0 {
		return self.chain
	}
	return p.descend(self, r.PPID, node)
}

// run sets what a process runs. An interpreter is looked at each time: it may run another script.
func (p *processes) run(self *process, r *Row, exe []byte, exeID uint32) {
	base := exe[bytes.LastIndexByte(exe, '/')+1:]
	name := exe
	if isInterpreter(base) {
		name, exeID = p.script(r, exe, base), otherID
	}
	program := p.programs.id(name)
	if self.program != program {
		self.program, self.children = program, 0
	}
	self.exe = exeID
}

// replace makes room for a process in its set.
func (p *processes) replace(key uint64) *process {
	set := p.set(key)
	oldest := &set[0]
	for i := range set {
		if set[i].heard < oldest.heard {
			oldest = &set[i]
		}
	}
	*oldest = process{key: key, program: absentID, chain: absentID}
	return oldest
}

// descend sets the process's parent and what started it. A process whose parent ended becomes a child of process 1, and is still what its
// first parent started.
func (p *processes) descend(self *process, ppid, node uint32) uint32 {
	if ppid == 1 && self.ppid > 1 && self.chain != absentID {
		return self.chain
	}
	self.ppid = ppid
	chain := p.childrenOf(processKey(node, ppid), ppid)
	if chain != self.chain {
		self.chain, self.children = chain, 0
	}
	return chain
}

// childrenOf is the chain that started the children of a process.
func (p *processes) childrenOf(key uint64, pid uint32) uint32 {
	parent := p.find(key)
	switch {
	case parent == nil || parent.program == absentID:
		if pid <= 1 {
			return p.chains.id([]byte{wholeChain})
		}
		return absentID
	case parent.children == 0:
		// Made in two steps: where the table of chains makes room, it sets the ids that processes hold.
		chain := p.chains.id(p.extend(parent.chain, parent.program))
		parent.children = chain
	}
	return parent.children
}

// extend is the text of a chain with one more program.
func (p *processes) extend(chain, program uint32) []byte {
	text := p.chains.names[chain].name
	if chain <= absentID {
		text = string(rune(partChain))
	}
	b := append(p.buf[:0], text...)
	last := len(b) - 4
	if last < 1 || binary.BigEndian.Uint32(b[last:]) != program {
		b = binary.BigEndian.AppendUint32(b, program)
	}
	if len(b) > 1+4*maxChain {
		b = append(b[:1], b[len(b)-4*maxChain:]...)
		b[0] = partChain
	}
	p.buf = b
	return b
}

// script is the name of an interpreter with that of the script behind it (fs/exec.c:begin_new_exec sets comm to the last part of the
// script's name), and without where comm is another name of its own.
func (p *processes) script(r *Row, exe, base []byte) []byte {
	name := append(p.buf[:0], exe...)
	name = append(name, " ("...)
	at := len(name)
	name, _ = r.Comm.AppendUntrusted(name)
	p.buf = name
	comm := name[at:]
	if len(comm) == 0 || bytes.HasPrefix(base, comm) || isShell(comm) {
		return exe
	}
	p.buf = append(name, ')')
	return p.buf
}

func isInterpreter(base []byte) bool {
	if isShell(base) {
		return true
	}
	switch string(bytes.TrimRight(base, "0123456789.")) {
	case "python", "perl", "ruby", "node", "php", "lua", "tclsh", "awk", "gawk", "mawk":
		return true
	}
	return false
}

func isShell(base []byte) bool {
	switch string(base) {
	case "sh", "bash", "dash", "ash", "busybox", "ksh", "mksh", "zsh", "fish":
		return true
	}
	return false
}

// forgetExes is called where ids of exes have changed.
func (p *processes) forgetExes() {
	p.each(func(pr *process) { pr.exe = otherID })
}

// programsMoved writes the chains anew: their texts hold ids of programs.
func (p *processes) programsMoved(now []uint32) {
	old := p.chains
	p.chains = newNameTable(old.limit, p.chainsMoved)
	p.chains.cut = old.cut
	p.chains.names[otherID].Count = old.names[otherID].Count
	moved := make([]uint32, len(old.names))
	moved[absentID] = absentID
	p.chains.add(absentID, old.names[absentID].Count)
	for id := pinned; id < len(old.names); id++ {
		text := []byte(old.names[id].name)
		for i := 1; i+4 <= len(text); i += 4 {
			binary.BigEndian.PutUint32(text[i:], now[binary.BigEndian.Uint32(text[i:])])
		}
		moved[id] = p.chains.id(text)
		p.chains.add(moved[id], old.names[id].Count)
	}
	p.chainsMoved(moved)
	p.each(func(pr *process) { pr.program = now[pr.program] })
}

// chainsMoved gives processes the new ids of their chains; one whose chain was given up has an unknown one until its parent is heard of.
func (p *processes) chainsMoved(now []uint32) {
	p.each(func(pr *process) {
		pr.chain, pr.children = now[pr.chain], 0
		if pr.chain == otherID {
			pr.chain = absentID
		}
	})
}

func (p *processes) each(do func(*process)) {
	for s := range p.sets {
		for w := range p.sets[s] {
			if p.sets[s][w].key != 0 {
				do(&p.sets[s][w])
			}
		}
	}
}

// table is the dimension of what started processes.
func (p *processes) table() StartedBy {
	out := StartedBy{Other: p.chains.names[otherID].Count, Cut: p.chains.cut, Rows: []Chain{}}
	for id := absentID; int(id) < len(p.chains.names); id++ {
		if c := p.chain(id); !c.IsZero() {
			out.Rows = append(out.Rows, c)
		}
	}
	out.tidy()
	return out
}

// chain is a row of the table.
func (p *processes) chain(id uint32) Chain {
	row := p.chains.names[id]
	c := Chain{Programs: []string{}, Count: row.Count, Whole: row.name != "" && row.name[0] == wholeChain}
	for i := 1; i+4 <= len(row.name); i += 4 {
		c.Programs = append(c.Programs, p.programs.names[binary.BigEndian.Uint32([]byte(row.name[i:]))].name)
	}
	return c
}
