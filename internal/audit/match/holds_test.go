package match

import "testing"

// Numbers of system calls of x86_64.
const (
	nrOpen     = 2
	nrUnlink   = 87
	nrRename   = 82
	nrChmod    = 90
	nrExecve   = 59
	nrOpenat   = 257
	nrOpenat2  = 437
	nrConnect  = 42
	nrGetpid   = 39
	nrTruncate = 76
	nrExit     = 60
	nrFchmod   = 91
	nrMqUnlink = 241
)

// TestFields asks one field of a call at a time. The second rule takes what the first does not; yes is 0, no is 1.
func TestFields(t *testing.T) {
	passwd := []string{found("/etc/passwd", 7, "NORMAL", "ouid=5 ogid=6")}
	enoent := []string{missed("/etc/nothing")}
	for _, c := range []struct {
		fields string
		call   call
		want   string
	}{
		{"-F pid=11", call{}, "0"}, {"-F pid!=11", call{}, "1"}, {"-F pid>10", call{}, "0"}, {"-F ppid=10", call{}, "0"}, {"-F ppid<10", call{}, "1"},
		{"-F uid=1000", call{}, "0"}, {"-F uid>=1001", call{}, "1"}, {"-F euid<=1000", call{}, "0"}, {"-F suid!=1000", call{}, "1"},
		{"-F fsuid=1000", call{}, "0"}, {"-F sgid=1000", call{}, "0"}, {"-F fsgid!=1000", call{}, "1"},
		{"-F auid>=1000", call{}, "0"}, {"-F auid>=1000", call{fields: "auid=4294967295"}, "0"}, // unsigned: no login is the greatest
		{"-F auid=unset", call{fields: "auid=4294967295"}, "0"}, {"-F auid!=unset", call{fields: "auid=4294967295"}, "1"},
		{"-F auid=-1", call{}, "1"}, {"-F auid!=4294967295", call{}, "0"},
		{"-F sessionid=3", call{}, "0"}, {"-F sessionid=4294967295", call{fields: "ses=4294967295"}, "0"},
		{"-F pers=0x400000", call{fields: "per=400000"}, "0"}, {"-F pers=0", call{}, "0"}, {"-F pers&=0x400000", call{}, "1"},
		// Groups of the process that no record holds.
		{"-F gid=1000", call{}, "0"}, {"-F gid=100", call{}, "[0 1]"}, {"-F gid!=1000", call{}, "1"}, {"-F gid!=100", call{}, "[0 1]"},
		{"-F gid>100", call{}, "0"}, {"-F egid=100", call{}, "[0 1]"},
		// exit= is unsigned and of 32 bits.
		{"-F exit=3", call{}, "0"}, {"-F exit<0", call{fields: "success=no exit=-13"}, "1"}, {"-F exit>0", call{fields: "success=no exit=-13"}, "0"},
		{"-F exit=-EACCES", call{fields: "success=no exit=-13"}, "0"}, {"-F exit=EACCES", call{fields: "success=no exit=-13"}, "1"},
		{"-F exit=-13", call{fields: "success=no exit=-13"}, "0"}, {"-F exit!=0", call{fields: "success=- exit=-"}, "1"},
		{"-F success=1", call{}, "0"}, {"-F success=0", call{}, "1"}, {"-F success!=1", call{fields: "success=no"}, "0"},
		{"-F success=7", call{}, "0"}, {"-F success!=1", call{fields: "success=- exit=-"}, "1"},
		// Arguments: the low 32 bits.
		{"-F a0=0xffffff9c", call{fields: "a0=ffffffffffffff9c"}, "0"}, {"-F a2&03", call{fields: "a2=8041"}, "0"}, {"-F a2&=03", call{fields: "a2=8041"}, "1"},
		{"-F a3=-1", call{fields: "a3=ffffffffffffffff"}, "0"}, {"-F a1<5", call{fields: "a1=ffffffff00000001"}, "0"},
		{"-F arch=b32", call{}, "1"}, {"-F arch=b32", call{arch: "40000003"}, "0"}, {"-F arch!=b64", call{arch: "40000003"}, "0"},
		// Fields of any name.
		{"-F obj_uid=5", call{names: passwd}, "0"}, {"-F obj_gid!=6", call{names: passwd}, "1"}, {"-F obj_uid=0", call{}, "1"},
		{"-F obj_uid=0", call{names: enoent}, "0"}, // what was not found belongs to user 0
		{"-F devmajor=0xfe", call{names: passwd}, "0"}, {"-F devmajor=0", call{names: passwd}, "0"}, {"-F devmajor!=0xfe", call{names: passwd}, "0"},
		{"-F devminor=1", call{names: passwd}, "0"}, {"-F devminor>1", call{names: passwd}, "1"},
		{"-F inode!=7", call{names: passwd}, "1"}, {"-F inode!=8", call{names: passwd}, "0"}, {"-F inode!=7", call{}, "1"},
		{"-F inode=7", call{names: passwd}, "0"}, {"-F inode=8", call{names: passwd}, "1"},
		{"-F inode=5", call{names: []string{found("/x", 4294967301, "NORMAL")}}, "0"}, // the low 32 bits of the inode
		{"-F filetype=file", call{names: passwd}, "0"}, {"-F filetype=dir", call{names: passwd}, "1"}, {"-F filetype!=dir", call{}, "0"},
		{"-F filetype=file", call{names: enoent}, "1"},
		// Pairs.
		{"-C uid=euid", call{}, "0"}, {"-C uid!=euid", call{fields: "euid=0"}, "0"}, {"-C auid!=obj_uid", call{names: passwd}, "0"},
		{"-C uid=obj_uid", call{names: passwd}, "1"}, {"-C uid!=obj_uid", call{names: enoent}, "0"}, {"-C uid!=obj_uid", call{}, "1"},
		{"-C gid=egid", call{}, "0"}, {"-C obj_gid=sgid", call{fields: "sgid=6", names: passwd}, "0"}, {"-C suid=fsuid", call{fields: "fsuid=0"}, "1"},
		// Places.
		{"-F dir=/etc", call{names: passwd}, "0"}, {"-F dir=/etc", call{names: enoent}, "1"}, {"-F dir=/et", call{names: passwd}, "1"},
		{"-F dir=/etc/passwd", call{names: passwd}, "0"}, {"-F dir=/", call{names: passwd}, "0"},
		{"-F path=/etc/passwd", call{names: passwd}, "0"}, {"-F path=/etc/shadow", call{names: passwd}, "1"}, {"-F path=/etc/nothing", call{names: enoent}, "1"},
		{"-F exe=/usr/bin/cat", call{}, "0"}, {"-F exe!=/usr/bin/cat", call{}, "1"}, {"-F exe=/usr/bin/dog", call{}, "1"},
		{"-F exe=/usr/bin/cat", call{fields: "exe=-"}, "1"},
		// Permissions.
		{"-F perm=r", call{}, "0"}, {"-F perm=w", call{}, "1"}, {"-F perm=w", call{fields: "a2=41"}, "0"}, {"-F perm=w", call{fields: "a2=40"}, "1"},
		{"-F perm=r", call{fields: "a2=2"}, "0"}, {"-F perm=rwxa", call{nr: nrGetpid}, "1"}, {"-F perm=a", call{nr: nrChmod}, "0"},
		{"-F perm=x", call{nr: nrExecve}, "0"}, {"-F perm=wa", call{nr: nrExecve}, "1"},
		{"-F perm=w", call{nr: nrOpenat2, more: []string{"OPENAT2 oflag=0101 mode=0600 resolve=0x0"}}, "0"}, {"-F perm=w", call{nr: nrOpenat2}, "[0 1]"},
		{"-F perm=w", call{nr: 102, arch: "40000003", fields: "a0=2"}, "0"}, {"-F perm=w", call{nr: 102, arch: "40000003", fields: "a0=3"}, "1"},
		{"-F perm=r", call{nr: 4}, "1"}, // stat, which 7.3 counts
		// Addresses.
		{"-F saddr_fam=2", call{nr: nrConnect, more: []string{"SOCKADDR saddr=0200005000000000"}}, "0"}, {"-F saddr_fam=2", call{nr: nrConnect}, "1"},
		{"-F saddr_fam!=2", call{nr: nrConnect}, "1"},
		// Labels.
		{"-F subj_user=system_u", call{fields: "subj=system_u:system_r:init_t:s0-s0:c0.c9"}, "0"}, {"-F subj_type!=init_t", call{fields: "subj=system_u:system_r:init_t:s0"}, "1"},
		{"-F subj_user=system_u", call{}, "1"}, {"-F subj_role!=x", call{}, "1"}, {"-F subj_role=unconfined", call{fields: "subj=unconfined"}, "0"},
		{"-F subj_clr>=s0:c3", call{fields: "subj=a:b:c:s0-s0:c0.c9"}, "0"}, {"-F subj_sen=s0", call{fields: "subj=a:b:c:s0-s1"}, "0"},
		{"-F subj_user=a", call{fields: "subj=?"}, "[0 1]"},
		{"-F obj_type=etc_t", call{names: []string{passwd[0] + " obj=a:b:etc_t:s0"}}, "0"}, {"-F obj_type=etc_t", call{names: passwd}, "1"},
		// What is missing.
		{"-F uid=1000", call{fields: "uid=-"}, "[0 1]"}, {"-F dir=/etc", call{noPaths: true}, "[0 1]"}, {"-F obj_uid=5", call{noPaths: true}, "[0 1]"},
	} {
		if c.call.nr == 0 {
			c.call.nr = nrOpenat
		}
		m := matcherOf(t, recent, "-a always,exit "+c.fields, "-a always,exit -S all")
		if got := who(m.Judge(nil).Decide(c.call.read(t))); got != c.want {
			t.Errorf("%s: %s, want %s\n%s", c.fields, got, c.want, c.call.lines(1))
		}
	}
}
