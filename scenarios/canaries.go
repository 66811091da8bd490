package scenarios

// Canary is a small harmless act that stands for an attack: a rule set that records its kind must record it. As an unprivileged user each either
// fails or changes only what its process made itself.
type Canary struct {
	Name string
	What string // one line: what is done, and what it stands for
	// Syscalls are those of which one makes the act, by name; Marker, where there is one, is in a path or a program of its event:
	// of a file that may not be made only the folder is named there.
	Syscalls []string
	Marker   string
	// Ordinary acts are nothing that a service's own program would never do: seen from inside of it they say nothing.
	Ordinary bool
}

// CanaryName is the scenario of which one operation is all canaries.
const CanaryName = "canaries"

// canaries is not among the scenarios to choose: it measures nothing.
var canaries = scenario{
	Info: Info{
		Name:     CanaryName,
		Imitates: "An intruder's first steps, each of them harmless here.",
		Hurts:    "Nothing is measured here, only whether the log tells of it.",
		Op:       "pass over all canaries",
		Session:  SessionService,
		PilotOps: 1,
		MaxOps:   1,
	},
	workload: func() Workload { return &canaryRound{} },
}

// CanaryInfo is the scenario of the canaries in a session.
func CanaryInfo(session string) Info {
	i := canaries.Info
	i.Session = session
	return i
}

// Canaries are all acts, in the order in which they are done.
func Canaries() []Canary {
	var list []Canary
	for _, a := range canaryActs {
		list = append(list, a.Canary)
	}
	return list
}

// canaryAct is a canary and how it is done. do returns nil where the act was done, whether it succeeded or was refused as it should be.
type canaryAct struct {
	Canary
	do func(*canaryRound) error
}

var (
	opens   = []string{"open", "openat", "creat"}
	execs   = []string{"execve", "execveat"}
	modules = []string{"init_module", "finit_module", "delete_module"}
)

// canaryActs are what detections look for (MITRE ATT&CK tactics: execution, persistence, privilege escalation, defense evasion, credential
// access).
var canaryActs = []canaryAct{
	{Canary{Name: "exec-tmp", What: "a program in /tmp is executed: what a dropper leaves behind", Syscalls: execs, Marker: "/auditprof-canary-program"}, (*canaryRound).execTmp},
	{Canary{Name: "shell", What: "a shell is executed: a web shell, a reverse shell", Syscalls: execs, Marker: "/bin/sh"}, (*canaryRound).shell},
	{Canary{Name: "setuid-exec", What: "a setuid program is executed: a way to another account", Syscalls: execs, Marker: "/bin/su"}, (*canaryRound).setuidExec},
	{Canary{Name: "ssh-key", What: "authorized_keys is written in an .ssh directory: a key to come back with", Syscalls: opens, Marker: "/.ssh/authorized_keys"}, (*canaryRound).sshKey},
	{Canary{Name: "open-shadow", What: "/etc/shadow is opened, and refused", Syscalls: opens, Marker: "/etc/shadow"}, refusedOpen("/etc/shadow", readOnly)},
	{Canary{Name: "write-passwd", What: "/etc/passwd is opened for writing, and refused", Syscalls: opens, Marker: "/etc/passwd"}, refusedOpen("/etc/passwd", appending)},
	{Canary{Name: "write-sudoers", What: "/etc/sudoers.d is written to, and refused", Syscalls: opens, Marker: "/etc/sudoers.d/"}, refusedOpen("/etc/sudoers.d/auditprof-canary", creating)},
	{Canary{Name: "write-cron", What: "/etc/cron.d is written to, and refused", Syscalls: opens, Marker: "/etc/cron.d/"}, refusedOpen("/etc/cron.d/auditprof-canary", creating)},
	{Canary{Name: "write-unit", What: "/etc/systemd/system is written to, and refused", Syscalls: opens, Marker: "/etc/systemd/system/"}, refusedOpen("/etc/systemd/system/auditprof-canary.service", creating)},
	{Canary{Name: "write-preload", What: "/etc/ld.so.preload is opened for writing, and refused", Syscalls: opens, Marker: "/etc/ld.so.preload"}, refusedOpen("/etc/ld.so.preload", appending)},
	{Canary{Name: "write-audit-rules", What: "/etc/audit/rules.d is written to, and refused", Syscalls: opens, Marker: "/etc/audit/rules.d/"}, refusedOpen("/etc/audit/rules.d/auditprof-canary.rules", creating)},
	{Canary{Name: "read-audit-log", What: "/var/log/audit/audit.log is opened, and refused", Syscalls: opens, Marker: "/var/log/audit/audit.log"}, refusedOpen("/var/log/audit/audit.log", readOnly)},
	{Canary{Name: "log-delete", What: "a file auth.log of its own is removed: traces wiped", Syscalls: []string{"unlink", "unlinkat"}, Marker: "/auth.log"}, (*canaryRound).deleteLog},
	{Canary{Name: "log-rename", What: "a file auth.log of its own is renamed: traces moved away", Syscalls: []string{"rename", "renameat", "renameat2"}, Marker: "/auth.log"}, (*canaryRound).renameLog},
	{Canary{Name: "setuid-bit", What: "a file of its own gets the setuid bit: a way back to this account", Syscalls: []string{"chmod", "fchmodat", "fchmodat2"}, Marker: "/setuid-canary"}, (*canaryRound).setuidBit},
	{Canary{Name: "capability", What: "a file of its own should get file capabilities, and is refused", Syscalls: []string{"setxattr", "lsetxattr", "fsetxattr"}, Marker: "/capability-canary"}, (*canaryRound).capability},
	{Canary{Name: "ptrace", What: "a process of its own is traced and written to: code injection", Syscalls: []string{"ptrace", "process_vm_writev"}}, (*canaryRound).ptrace},
	{Canary{Name: "mount", What: "a mount is tried, and refused", Syscalls: []string{"mount"}}, (*canaryRound).mount},
	{Canary{Name: "unshare", What: "a user namespace is asked for: capabilities in a world of its own", Syscalls: []string{"unshare"}}, (*canaryRound).unshare},
	{Canary{Name: "module-load", What: "a kernel module is loaded and one unloaded, and both refused", Syscalls: modules}, (*canaryRound).module},
	{Canary{Name: "bpf", What: "a BPF program is loaded, and refused", Syscalls: []string{"bpf"}}, (*canaryRound).bpf},
	{Canary{Name: "kexec", What: "another kernel is loaded, and refused", Syscalls: []string{"kexec_load"}}, (*canaryRound).kexec},
	{Canary{Name: "become-root", What: "the process asks to be root, and is refused", Syscalls: []string{"setresuid", "setuid", "setreuid"}}, (*canaryRound).becomeRoot},
	{Canary{Name: "clock", What: "the clock is set, and refused", Syscalls: []string{"clock_settime", "settimeofday"}}, (*canaryRound).clock},
	{Canary{Name: "hostname", What: "the host name is set, and refused", Syscalls: []string{"sethostname"}}, (*canaryRound).hostname},
	{Canary{Name: "connect", What: "a connection to a port of this host is tried: a way out", Syscalls: []string{"connect"}, Ordinary: true}, (*canaryRound).connect},
}
