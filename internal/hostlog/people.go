package hostlog

import "fmt"

// Alice is an administrator.
const Alice = 1000

// Person is a process of somebody who has logged in.
func Person(uid, pid, session uint32, exe, comm string) Actor {
	return Actor{PPID: 29_001, PID: pid, AUID: uid, Ses: session, UID: uid, EUID: uid, GID: uid, TTY: "pts0", Comm: comm, Exe: exe, Cwd: "/home/alice"}
}

// person is an administrator who logs in, looks around and does something.
func (h *host) person() []Event {
	h.session++
	alice := func(exe, comm string) Actor {
		return Person(Alice, uint32(29_100+h.IntN(900)), h.session, exe, comm)
	}
	sshd := Service(0, 29_001, "/usr/sbin/sshd", "sshd")
	sshd.AUID, sshd.Ses = Alice, h.session
	events := []Event{
		sshd.Says("USER_LOGIN", `op=login id=1000 exe="/usr/sbin/sshd" hostname=10.0.0.4 addr=10.0.0.4 terminal=/dev/pts/0 res=success`),
		alice("/usr/bin/bash", "bash").Exec(0, 0, "-bash"),
		alice("/usr/bin/bash", "bash").Open(".bashrc", ReadOnly, ModeFile, Alice),
		alice("/usr/bin/ls", "ls").Exec(0, 0, "ls", "-l"),
	}
	switch h.IntN(4) {
	case 0:
		events = append(events, h.sudo(alice)...)
	case 1:
		events = append(events, alice("/usr/bin/vim.basic", "vim").Exec(0, 0, "vim", "notes"), alice("/usr/bin/vim.basic", "vim").OpenNew("notes", ModeFile))
	case 2:
		keys := alice("/usr/bin/bash", "bash").Open("/home/alice/.ssh/authorized_keys", WriteOnly|Create, ModeData, Alice)
		events = append(events, keys)
	case 3:
		events = append(events, h.newUser()...)
	}
	return events
}

func (h *host) sudo(alice func(exe, comm string) Actor) []Event {
	a := alice("/usr/bin/sudo", "sudo")
	a.EUID = 0
	root := alice("/usr/bin/systemctl", "systemctl")
	root.UID, root.EUID, root.GID = 0, 0, 0
	return []Event{
		a.Exec(0, 0o4000, "sudo", "systemctl", "reload", "nginx"),
		a.Says("USER_CMD", `cwd="/home/alice" cmd=73797374656D63746C2072656C6F6164206E67696E78 exe="/usr/bin/sudo" terminal=pts/0 res=success`),
		root.Exec(0, 0, "systemctl", "reload", "nginx"),
	}
}

// newUser replaces /etc/passwd, as useradd does.
func (h *host) newUser() []Event {
	root := Person(Alice, uint32(29_100+h.IntN(900)), h.session, "/usr/sbin/useradd", "useradd")
	root.UID, root.EUID, root.GID = 0, 0, 0
	moved := root.Rename("/etc/passwd+", "/etc/passwd", ModeFile, 0)
	moved.Key = "identity"
	return []Event{root.Exec(0, 0, "useradd", fmt.Sprintf("u%d", h.session)), root.OpenNew("/etc/passwd+", ModeFile), moved}
}
