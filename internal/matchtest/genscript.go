package matchtest

import (
	"path"
	"strconv"
)

// LoginUID and OtherLogin are login uids that only actors have: the first is that of the script, the second some children take. A third group
// of processes has none, and is told by its uid.
const (
	LoginUID   = 71000
	OtherLogin = 71001
	UnsetActor = 71990
	unsetLogin = "4294967295"
)

// script is what one actor does: root's own steps, and the steps of people that it becomes, in about so many system calls.
func (m *maker) script(calls int) Script {
	m.cwd = m.dir
	s := Script{{call("chdir", str(m.dir))}}
	for s.Calls() < calls {
		if m.in(2) {
			s = append(s, m.step())
			continue
		}
		s = append(s, Step{{Name: "clone", Child: m.person()}})
	}
	return s
}

// person is the script of a child that becomes somebody and does a few things.
func (m *maker) person() Script {
	cwd := m.cwd
	defer func() { m.cwd = cwd }()
	p := pick(m, people)
	var s Script
	switch m.IntN(10) {
	case 0, 1:
		s = append(s, login(strconv.Itoa(OtherLogin)))
	case 2:
		s = append(s, login(unsetLogin))
		p.uid = UnsetActor
	}
	var groups []byte
	for _, g := range p.groups {
		groups = append(groups, byte(g), byte(g>>8), byte(g>>16), byte(g>>24))
	}
	if len(groups) == 0 {
		groups = make([]byte, 4)
	}
	if m.in(2) {
		s = append(s, m.plain())
	}
	s = append(s, Step{call("setgroups", num(len(p.groups)), data(groups))}, Step{call("setresgid", num(p.gid), num(p.gid), num(p.gid))})
	if p.uid != UnsetActor && m.in(2) {
		s = append(s, m.identity())
	} else {
		s = append(s, Step{call("setresuid", num(p.uid), num(p.uid), num(p.uid))})
	}
	m.cwd = path.Join(m.dir, pick(m, []string{"", "a", "a/b", "w", "sg", "tm"}))
	s = append(s, Step{call("chdir", str(m.cwd))})
	for range 4 + m.IntN(16) {
		s = append(s, m.step())
	}
	return s
}

// login gives the process another login uid, and with it another session.
func login(uid string) Step {
	return Step{call("openat", num(atFDCWD), str("/proc/self/loginuid"), num(oWronly), num(0)), call("write", res(0), str(uid), num(len(uid))),
		call("close", res(0))}
}
