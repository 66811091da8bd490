package policy

import (
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// typeRisk is how much goes with the records of a type: where a program and a service's user are named, and where not.
type typeRisk struct {
	pinned, bare suggest.Risk
	why          string
}

// types are the record types that may go (include/uapi/linux/audit.h). All others may not: SYSCALL and EXECVE carry every rule's events, AVC
// and SECCOMP are refusals, USER_*, CRED_*, LOGIN and the rest of messages say who people are, CONFIG_CHANGE and DAEMON_* are the audit system.
var types = map[string]typeRisk{
	"PROCTITLE":       {suggest.Low, suggest.Low, "the command line of each event goes; a program may write there what it likes, and EXECVE stays"},
	"EOE":             {suggest.Low, suggest.Low, "it is in no log"},
	"CWD":             {suggest.Low, suggest.Medium, "relative names in the events that stay lose their folder"},
	"FD_PAIR":         {suggest.Low, suggest.Medium, "the descriptors of pipes go"},
	"TIME_ADJNTPVAL":  {suggest.Low, suggest.Medium, "by how much the clock was changed goes; that it was changed stays"},
	"MMAP":            {suggest.Medium, suggest.High, "which files are mapped goes"},
	"IPC":             {suggest.Medium, suggest.High, "whose shared memory is used goes"},
	"BPRM_FCAPS":      {suggest.Medium, suggest.High, "the capabilities that a program gives go"},
	"SOCKADDR":        {suggest.Medium, suggest.High, "where connections go to is not seen any more"},
	"CRYPTO_KEY_USER": {suggest.Medium, suggest.High, "keys of sessions of sshd go: who came with which key"},
	"CRYPTO_SESSION":  {suggest.Medium, suggest.High, "ciphers and addresses of sessions of sshd go"},
	"SERVICE_START":   {suggest.Medium, suggest.High, "a new service that is started would go unseen"},
	"SERVICE_STOP":    {suggest.Medium, suggest.High, "a service that is stopped would go unseen"},
	"NETFILTER_CFG":   {suggest.Medium, suggest.High, "changes of the firewall go"},
	"BPF":             {suggest.Medium, suggest.High, "programs that are loaded into the kernel go"},
	"OBJ_PID":         {suggest.High, suggest.High, "whom a signal or a ptrace was for goes"},
	"PATH":            {suggest.High, suggest.High, "which files events name is not seen any more: most detections of files rest on it"},
}

// askedThere are the fields that the kernel compares on the lists user and exclude (kernel/auditfilter.c: audit_filter): any other ends the list
// with "record it", and with it every later rule.
var askedThere = map[string]bool{"uid": true, "gid": true, "auid": true, "exe": true, "pid": true, "subj_user": true, "subj_role": true, "subj_type": true,
	"subj_sen": true, "subj_clr": true}

// recordType grades never,exclude and never,user.
func (p *Policy) recordType(v *verdict, c *suggest.Change, of []*suggest.Behaviour) {
	for _, x := range c.Conds {
		if !askedThere[x.Field] {
			v.say(suggest.Forbidden, "the kernel does not compare %s there, and ends the list at it", quoted(x.Field))
		}
	}
	t, ok := types[typeName(c.MsgType)]
	if !ok {
		v.say(suggest.Forbidden, "records of type %s are never left out", quoted(c.MsgType))
		return
	}
	x := &exclusion{Change: c, of: of, exe: c.Cond("exe"), uid: c.Cond("uid"), auid: c.Cond("auid")}
	if x.exe == "" || x.uid == "" {
		v.say(t.bare, "for everybody: %s", t.why)
		if t.bare == suggest.Low {
			v.assume("nobody reads them: %s", t.why)
		}
		return
	}
	p.program(v, x)
	p.user(v, x)
	v.say(t.pinned, "%s", t.why)
}

// typeName is the name of a type that is given by its number, as types are that an auditctl may not know.
func typeName(msgtype string) string {
	if msgtype == "1334" { // BPF, which libaudit had no name for before 3.0
		return "BPF"
	}
	if nr, err := strconv.ParseUint(msgtype, 10, 16); err == nil {
		return names.RecordType(int(nr))
	}
	return msgtype
}

// fileSystems are those that may be left out of names, by the words and numbers that auditctl takes (lib/fstypetab.h).
var fileSystems = map[string]suggest.Risk{"tracefs": suggest.Low, "0x74726163": suggest.Low, "1953653091": suggest.Low,
	"debugfs": suggest.Medium, "1684170528": suggest.Medium, "cgroup": suggest.Medium, "2613483": suggest.Medium, "cgroup2": suggest.Medium, "1667723888": suggest.Medium}

// fileSystem grades never,filesystem: names there have no inode any more, and path=, dir= and obj_* do not see them.
func fileSystem(v *verdict, c *suggest.Change) {
	name := strings.ToLower(c.Cond("fstype"))
	r, ok := fileSystems[name]
	switch {
	case !ok || len(c.Conds) != 1:
		v.say(suggest.Forbidden, "names on %s are never left out", quoted(name))
	case r == suggest.Low:
		v.assume("no rule watches files of %s by path= or dir=", name)
	default:
		v.say(r, "rules that watch files of %s by path= or dir= see them no more", name)
	}
}
