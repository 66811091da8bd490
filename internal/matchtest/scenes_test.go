package matchtest

// scene is a small plan about one surprising thing that the kernel does, and what it then says: of each call of the script in order the
// rule, by its index, or other where it is the catch-all. @ stands for the tree.
type scene struct {
	name, note string
	rules      []string
	script     Script
	want       []int
}

// other is a call that none of a scene's own rules recorded.
const other = -1

func at(name string) Arg { return str("@/" + name) }

func one(c ...Call) Step { return c }

func openAt(name string, flags int) Call {
	return call("openat", num(atFDCWD), at(name), num(flags), num(0o644))
}

var scenes = []scene{
	{"firstname", "Among rules of the inode hash the first name of a call that any of them matches decides, not the first rule.",
		[]string{"-a always,exit -S open -F path=@/w/n1 -k file", "-a always,exit -S open -F path=@/w -k folder"},
		Script{one(call("open", at("w/n1"), num(oCreat), num(0o600)), call("open", at("w/n1"), num(0), num(0)))}, []int{1, 0}},
	{"rebound", "When the rules are asked after a rename, the watch on the new name has the moved file already, so the old name matches it.",
		[]string{"-a always,exit -S rename -F path=@/w/o2 -k later", "-a always,exit -S rename -F path=@/w/o1 -k first"},
		Script{one(call("rename", at("w/o1"), at("w/o2")))}, []int{0}},
	{"replacedwithexe", "A watch that also asks for exe= is void once its file was replaced, or went away: the rule is made anew without its program.",
		[]string{"-a always,exit -S chmod -F path=@/a/f1 -F exe=@exe", "-a always,exit -S chmod -F path=@/a/f2 -F exe!=/usr/bin/true", "-a always,exit -S chmod -F path=@/a/f3 -F exe!=@exe"},
		Script{one(call("chmod", at("a/f1"), num(0o600)), call("chmod", at("a/f2"), num(0o600)), call("chmod", at("a/f3"), num(0o600)), call("unlink", at("a/f1")), call("unlink", at("a/f2")),
			call("unlink", at("a/f3")), openAt("a/f1", oWronly|oCreat), openAt("a/f2", oWronly|oCreat), openAt("a/f3", oWronly|oCreat),
			call("chmod", at("a/f1"), num(0o600)), call("chmod", at("a/f2"), num(0o600)), call("chmod", at("a/f3"), num(0o600)))},
		[]int{0, 1, other, other, other, other, other, other, other, other, 1, 2}},
	{"neverofonename", "A never rule for one name of a call silences it; a never rule behind it does not.",
		[]string{"-a always,exit -S link -F path=@/a/f1", "-a never,exit -S link -F dir=@/w", "-a never,exit -S open -F path=@/a/f1"},
		Script{one(call("link", at("a/f1"), at("w/n1"))), one(call("open", at("a/f1"), num(0), num(0)))}, []int{0, silent}},
	{"filebeforelist", "The file order decides between the exit list and the inode hash.",
		[]string{"-a always,exit -S open -F path=@/a/f1", "-a always,exit -S open -F auid=71000", "-a always,exit -S open -F path=@/a/f2"},
		Script{one(call("open", at("a/f1"), num(0), num(0)), call("open", at("a/f2"), num(0), num(0)))}, []int{0, 1}},
	{"prepended", "-A puts a rule before those that were loaded before it.",
		[]string{"-a always,exit -S getpid -F auid=71000", "-A always,exit -S getpid -F auid=71000 -F uid=0"},
		Script{one(call("getpid"))}, []int{1}},
	{"stalekey", "A rule without a key that beats one with a key leaves that key in the record.",
		[]string{"-w @/a/f1 -p a", "-a always,exit -S chmod -F auid=71000 -k behind", "-a always,exit -S lchown -F auid=71000 -k before", "-w @/a/f2 -p a"},
		Script{one(call("chmod", at("a/f1"), num(0o600)), call("chmod", at("a/f2"), num(0o600)), call("lchown", at("a/f1"), num(0), num(0)), call("lchown", at("a/f2"), num(0), num(0)))},
		[]int{0, 1, 0, 2}},
	{"deletesuccess", "A watch asks no more for the result of the call that removes its file: success= and exit= never match there.",
		[]string{"-a always,exit -F path=@/a/f1 -F success=1", "-a always,exit -F path=@/a/f2"},
		Script{one(call("unlink", at("a/f1")), call("unlink", at("a/f2")))}, []int{other, 1}},
	{"renameover", "A file that is moved onto a watched name is watched; what was there before is no more.",
		[]string{"-w @/a/f1 -p wa"},
		Script{one(call("rename", at("a/f2"), at("a/f1"))), one(call("chmod", at("a/f1"), num(0o600))), one(call("chmod", at("a/hard2"), num(0o600)))}, []int{0, 0, 0}},
	{"exchange", "After names were exchanged the watch on one of them is lost.",
		[]string{"-w @/a/f1 -p wa"},
		Script{one(call("chmod", at("a/f1"), num(0o600))), one(call("renameat2", num(atFDCWD), at("a/f2"), num(atFDCWD), at("a/f1"), num(renameExchange))),
			one(call("chmod", at("a/f1"), num(0o600)))}, []int{0, 0, other}},
	{"hardlink", "A watch follows the inode: a hard link of the file matches.",
		[]string{"-w @/ro/r1 -p a"},
		Script{one(call("chmod", at("ro/r1"), num(0o600)), call("chmod", at("w/hard"), num(0o600)))}, []int{0, 0}},
	{"symlink", "A name typed through a symlink is what it leads to, which another call in the log shows.",
		[]string{"-w @/a/f1 -p a", "-a always,exit -S chmod -F dir=@/a"},
		Script{one(call("chmod", at("a/f1"), num(0o600)), call("chmod", at("flnk"), num(0o600))), one(call("chmod", at("a"), num(0o777)), call("chmod", at("lnk"), num(0o777))),
			one(call("chmod", at("lnk/f3"), num(0o600)))}, []int{0, 0, 1, 1, 1}},
	{"watchedsymlink", "path= binds to a symlink itself, and dir= too, unless a slash follows it.",
		[]string{"-a always,exit -S chmod,lchown -F path=@/flnk", "-a always,exit -S chmod,lchown -F dir=@/lnk", "-a always,exit -S chmod -F dir=@/dlnk/"},
		Script{one(call("chmod", at("flnk"), num(0o600)), call("lchown", at("flnk"), num(0), num(0))), one(call("chmod", at("lnk/f1"), num(0o600)), call("lchown", at("lnk"), num(0), num(0))),
			one(call("chmod", at("d/s1"), num(0o600)))}, []int{other, 0, other, 1, 2}},
	{"notthere", "A name that led nowhere counts as owned by root on device 0; inode=, path= and dir= do not match it.",
		[]string{"-a always,exit -S open -F dir=@/a", "-a always,exit -S open -F filetype=file", "-a always,exit -S open -F obj_uid=0 -F devmajor=0"},
		Script{one(call("open", at("a/none"), num(0), num(0)), call("open", at("none/x"), num(0), num(0)))}, []int{2, 2}},
	{"unsigned", "exit= is compared as 32 bits without sign: exit<0 is never true, exit>0 is for errors.",
		[]string{"-a always,exit -S open -F exit<0 -F auid=71000", "-a always,exit -S open -F exit=ENOENT -F auid=71000", "-a always,exit -S open -F exit>0xfffffff0 -F auid=71000"},
		Script{one(call("open", at("none"), num(0), num(0)))}, []int{2}},
	{"groups", "gid= is true of a supplementary group, sgid= is not.",
		[]string{"-a always,exit -S getpid -F sgid=71600 -F auid=71000", "-a always,exit -S getpid -F gid!=71600 -F auid=71000", "-a always,exit -S getpid -F gid=71600 -F auid=71000"},
		Script{one(call("getpid"), call("setgroups", num(1), data([]byte{0xb0, 0x17, 0x01, 0})), call("getpid"))}, []int{1, other, 2}},
	{"permofopen", "perm= looks at the access mode of an open alone: neither O_CREAT nor O_TRUNC writes.",
		[]string{"-w @/a/f1 -p w", "-w @/a/f1 -p r"},
		Script{one(openAt("a/f1", oRdonly|oCreat|oTrunc), openAt("a/f1", oWronly), openAt("a/f1", oRdwr), openAt("a/f1", oPath))}, []int{1, 0, 0, 1}},
	{"linkwrites", "link both writes and changes attributes; utimensat and stat do nothing.",
		[]string{"-w @/a/f1 -p a", "-w @/a/f1"},
		Script{one(call("link", at("a/f1"), at("w/n1")), call("stat", at("a/f1"), space(256)), call("utimensat", num(atFDCWD), at("a/f1"), num(0), num(0)))}, []int{0, other, other}},
	{"compat", "A call through int 0x80 has the numbers of i386, and no rule with arch=b64.",
		[]string{"-a always,exit -F arch=b64 -S all -F auid=71000", "-a always,exit -F arch=b32 -S unlink -F auid=71000"},
		Script{one(Call{Name: "unlink", Compat: true, Args: []Arg{at("a/f1")}}, Call{Name: "getpid", Compat: true})}, []int{1, other}},
	{"movedfolder", "dir= follows its folder under a new name; path= rules in a folder that moves are removed.",
		[]string{"-a always,exit -S chmod -F dir=@/a/b", "-w @/a/f1 -p a"},
		Script{one(call("chmod", at("a/b/g1"), num(0o600)), call("chmod", at("a/f1"), num(0o600))), one(call("rename", at("a"), at("n1"))),
			one(call("chmod", at("n1/b/g1"), num(0o600)), call("chmod", at("n1/f1"), num(0o600)))}, []int{0, 1, other, 0, other}},
	{"descriptor", "A call on a descriptor has no name in the log; the open that gave it has.",
		[]string{"-a always,exit -S fchmod -F path=@/a/f1", "-a always,exit -S fchmod,fchown -F dir=@/a/b"},
		Script{one(openAt("a/f1", 0), openAt("a/b/g1", 0), call("fchmod", res(0), num(0o600)), call("fchmod", res(1), num(0o600)), call("fchown", res(1), num(0), num(0)))},
		[]int{other, other, 0, 1, 1}},
	{"dirfd", "A name relative to a descriptor: the log shows the working folder in its place.",
		[]string{"-a always,exit -S openat -F path=@/a/b/g1", "-a always,exit -S unlinkat -F dir=@/a/b", "-a always,exit -S openat -F path=@/w/g1"},
		Script{one(call("chdir", at("w")), openAt("a/b", oDirectory), openAt("a/b/g1", 0), call("openat", res(1), str("g1"), num(0), num(0)), call("unlinkat", res(1), str("g2"), num(0)))},
		[]int{other, other, 0, 0, 1}},
	{"queue", "mq_open counts a name that it does not log; no path of another file system is it.",
		[]string{"-a always,exit -S mq_open -F path=@/a/f1", "-a always,exit -S mq_open -F dir=@/a"},
		Script{one(call("mq_open", str("q"), num(oRdwr|oCreat), num(0o600), num(0)))}, []int{other}},
	{"socket", "saddr_fam= is the family of the address of this call; AF_UNIX has a name too.",
		[]string{"-a always,exit -S connect,close -F saddr_fam=2 -F auid=71000", "-a always,exit -S connect,close -F saddr_fam>2 -F auid=71000", "-a always,exit -S connect -F dir=@/a"},
		Script{one(call("socket", num(2), num(2), num(0)), call("connect", res(0), data(inetAddress()), num(16)), call("close", res(0))),
			one(call("socket", num(1), num(2), num(0)), call("connect", res(0), data(unixAddress("@/a/f1")), num(100)))}, []int{other, 0, other, other, 2}},
	{"executed", "A successful execve is judged by the program that it became; exe= is never a symlink, and path= of one neither.",
		[]string{"-a always,exit -S execve -F exe=@/bin/alias", "-a always,exit -S execve -F exe=@/bin/prog -F path=@/bin/prog", "-a always,exit -S execve -F path=@/bin/alias"},
		Script{one(Call{Name: "clone", Child: Script{one(call("execve", at("bin/prog"), vector("x"), vector()))}}),
			one(Call{Name: "clone", Child: Script{one(call("execve", at("bin/alias"), vector("x"), vector()))}})}, []int{1, 1}},
}

// silent is a call that is not in the log.
const silent = -2
