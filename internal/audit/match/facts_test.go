package match

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// script makes an event of one line: a system call with arguments, then its names, each TYPE PATH INODE[d|l], behind semicolons:
//
//	open cwd=/root exe=/usr/bin/cat a0=3 fails; NORMAL /etc/passwd 7; PARENT /etc/ 5d
//
// A path of - is (null), an inode of - is none. d is a directory, l a symlink; a second number behind a slash is the minor of the device.
func script(t testing.TB, serial int, line string) *event.Call {
	t.Helper()
	parts := strings.Split(line, ";")
	words := strings.Fields(parts[0])
	nr, ok := names.SyscallNumber(names.ArchX86_64, words[0])
	if !ok {
		t.Fatalf("no call %q", words[0])
	}
	stamp := fmt.Sprintf("msg=audit(100.000:%d): ", serial)
	success, args, exe, cwd, node := "yes", "", "/usr/bin/true", "/", ""
	for _, w := range words[1:] {
		switch key, value, _ := strings.Cut(w, "="); key {
		case "cwd":
			cwd = value
		case "exe":
			exe = value
		case "node":
			node = "node=" + value + " "
		case "fails":
			success = "no"
		default:
			args += w + " "
		}
	}
	text := fmt.Sprintf("%stype=SYSCALL %sarch=c000003e syscall=%d success=%s exit=0 %sitems=%d auid=1000 uid=1000 exe=%q\n%stype=CWD %scwd=%q\n",
		node, stamp, nr, success, args, len(parts)-1, exe, node, stamp, cwd)
	for n, part := range parts[1:] {
		text += node + "type=PATH " + stamp + pathOf(t, n, strings.Fields(part)) + "\n"
	}
	return callOf(t, text)
}

func pathOf(t testing.TB, item int, words []string) string {
	t.Helper()
	if len(words) != 3 {
		t.Fatalf("a name is a type, a path and an inode, not %q", words)
	}
	name := fmt.Sprintf("%q", words[1])
	if words[1] == "-" {
		name = "(null)"
	}
	if words[2] == "-" {
		return fmt.Sprintf("item=%d name=%s nametype=%s", item, name, words[0])
	}
	inode, minor, _ := strings.Cut(words[2], "/")
	mode := "0100644"
	switch {
	case strings.HasSuffix(inode, "d"):
		mode = "040755"
	case strings.HasSuffix(inode, "l"):
		mode = "0120777"
	}
	if minor == "" {
		minor = "00"
	}
	return fmt.Sprintf("item=%d name=%s inode=%s dev=fe:%s mode=%s nametype=%s", item, name, strings.TrimRight(inode, "dl"), minor, mode, words[0])
}

// refOf is the path of a rule as "dir /etc", "path /etc/passwd", "exe /bin/sh".
func refOf(set *pathSet, text string) *pathRef {
	kind, path, _ := strings.Cut(text, " ")
	switch kind {
	case "dir":
		return set.dir(path)
	case "path":
		return set.watch(path)
	case "exe":
		return set.exe(path)
	}
	return set.form(path)
}

// read asks for name i of an event, or for its executable.
func (p *places) read(r *pathRef, i int) reading {
	switch r.kind {
	case pathDir:
		return p.below(i, r)
	case pathExe:
		return p.exe(r)
	case pathForm:
		return p.isDir(r)
	}
	return p.at(i, r, atExit)
}

func (r reading) String() string {
	switch {
	case r.open:
		return "open"
	case r.value:
		return "true"
	}
	return "false"
}

// TestWhatNamesMean asks about the last event of each log, with what the log has shown until then. The last word of a question is the name asked about, counted from 0.
func TestWhatNamesMean(t *testing.T) {
	for _, tc := range []struct {
		what, ask string
		log       []string
		want      string
	}{
		{"a typed name means what it says", "path /etc/passwd 0", []string{"open; NORMAL /etc/passwd 5"}, "true"},
		{"and nothing else", "path /etc/shadow 0", []string{"open; NORMAL /etc/passwd 5"}, "false"},
		{"a name that was not found is nowhere", "path /etc/passwd 0", []string{"open fails; UNKNOWN /etc/passwd -"}, "false"},
		{"nor is it in a directory", "dir /etc 0", []string{"open fails; UNKNOWN /etc/passwd -"}, "false"},
		{"a directory and what is in it", "dir /etc/ 0", []string{"open; NORMAL /etc/ssh/sshd_config 5"}, "true"},
		{"names only begin alike", "dir /etc 0", []string{"open; NORMAL /etcetera 5"}, "false"},

		{"a descriptor's file was named before", "path /etc/passwd 0", []string{"open; NORMAL /etc/passwd 5", "fchmod; NORMAL - 5"}, "true"},
		{"a descriptor's file is another one", "path /etc/passwd 0", []string{"open; NORMAL /etc/passwd 5", "open; NORMAL /etc/group 6", "fchmod; NORMAL - 6"}, "false"},
		{"a descriptor's file may be any", "dir /etc 0", []string{"fchmod; NORMAL - 6"}, "open"},
		{"the same inode of another device is another file", "dir /etc 0", []string{"open; NORMAL /etc/passwd 5/01", "fchmod; NORMAL - 5/02"}, "open"},
		{"a name by dirfd, its inode known", "dir /etc 0", []string{"open; NORMAL /etc/passwd 5", "openat a0=4; NORMAL passwd 5"}, "true"},
		{"a name by dirfd ends otherwise than the watch", "path /etc/passwd 0", []string{"openat a0=4; NORMAL group 5"}, "false"},
		{"a name by dirfd ends like the watch", "path /etc/passwd 0", []string{"openat a0=4; NORMAL passwd 5"}, "open"},
		{"what is made by dirfd is where its parent is", "path /etc/new 1", []string{"open; NORMAL /etc 9d", "openat a0=4 cwd=/root; PARENT /root 9d; CREATE new 7"}, "true"},
		{"and not in the working directory", "dir /root 1", []string{"open; NORMAL /etc 9d", "openat a0=4 cwd=/root; PARENT /root 9d; CREATE new 7"}, "false"},

		{"a symlinked parent", "path /run/utmp 0", []string{"open; NORMAL /run/utmp 5", "open; NORMAL /var/run/utmp 5"}, "true"},
		{"a symlinked parent of the rule", "path /var/run/utmp 0", []string{"open; NORMAL /var/run/utmp 5", "open; NORMAL /run/utmp 5"}, "true"},
		{"two directories that are one, by two files", "path /var/run/c 0", []string{
			"open; NORMAL /var/run/a 5", "open; NORMAL /run/a 5", "open; NORMAL /var/run/b 6", "open; NORMAL /run/b 6", "open; NORMAL /run/c 7"}, "true"},
		{"a directory below one of two names", "dir /var/run/x 0", []string{"open; NORMAL /run 5d", "open; NORMAL /var/run 5d", "open; NORMAL /run/x/y 7"}, "true"},
		{"a rule's own path may be a link", "dir /srv/link 0", []string{"open; NORMAL /srv/real 5d", "open; NORMAL /srv/link 5d", "open; NORMAL /srv/link/f 7"}, "open"},
		{"a rule's own path is a link", "dir /srv/link 0", []string{"readlink; NORMAL /srv/link 4l", "open; NORMAL /srv/link/f 7"}, "false"},
		{"the link itself is in such a rule", "dir /srv/link 0", []string{"readlink; NORMAL /srv/link 4l"}, "true"},
		{"a link at the end of a watch is never opened", "path /etc/localtime 0", []string{"readlink; NORMAL /etc/localtime 4l", "open; NORMAL /etc/localtime 8"}, "false"},
		{"but is removed", "path /etc/localtime 1", []string{"readlink; NORMAL /etc/localtime 4l", "readlink; PARENT /etc/ 2d; NORMAL /etc/localtime 4l"}, "true"},
		{"one file under two names: a link of either kind", "path /etc/localtime 0", []string{
			"open; NORMAL /usr/share/zoneinfo/UTC 8", "open; NORMAL /etc/localtime 8"}, "open"},
		{"a hard link", "path /a/one 0", []string{"link; NORMAL /a/one 8; PARENT /b/ 2d; CREATE /b/two 8", "open; NORMAL /b/two 8"}, "true"},
		{"a hard link is where its own name is", "dir /a 0", []string{"link cwd=/b; NORMAL /a/one 8; PARENT /b/ 2d; CREATE /b/two 8", "open; NORMAL /b/two 8"}, "false"},
		{"unless its directory may be a link to the other's", "dir /a 0", []string{"link; NORMAL /a/one 8; PARENT /b/ 2d; CREATE /b/two 8", "open; NORMAL /b/two 8"}, "open"},
		{"what has come into being had no name before", "path /a/old 1", []string{"open; NORMAL /a/old 8", "openat a0=4; PARENT w/ 9d; CREATE w/old 8"}, "false"},
		{"a link made in the log is followed", "dir /etc 0", []string{"symlink; UNKNOWN /etc -; PARENT /tmp/ 2d; CREATE /tmp/l 4l", "open; NORMAL /tmp/l/passwd 8"}, "true"},
		{"a link that went away is not", "dir /etc 0", []string{
			"symlink; UNKNOWN /etc -; PARENT /tmp/ 2d; CREATE /tmp/l 4l", "unlink; PARENT /tmp/ 2d; DELETE /tmp/l 4l", "open; NORMAL /tmp/l/passwd 8"}, "false"},
		{"a link at the end of what is run", "path /usr/bin/python3 0", []string{
			"execve exe=/usr/bin/python3.11; NORMAL /usr/bin/python3 8; NORMAL /lib64/ld-linux-x86-64.so.2 9"}, "false"},
		{"what it leads to", "path /usr/bin/python3.11 0", []string{
			"execve exe=/usr/bin/python3.11; NORMAL /usr/bin/python3 8; NORMAL /lib64/ld-linux-x86-64.so.2 9"}, "true"},
		{"a script is not its interpreter", "path /usr/bin/dash 0", []string{
			"execve exe=/usr/bin/dash; NORMAL /usr/bin/tool 7; NORMAL /bin/sh 8; NORMAL /lib64/ld-linux-x86-64.so.2 9"}, "false"},
		{"its interpreter is", "path /usr/bin/dash 1", []string{
			"execve exe=/usr/bin/dash; NORMAL /usr/bin/tool 7; NORMAL /bin/sh 8; NORMAL /lib64/ld-linux-x86-64.so.2 9"}, "true"},
		{"a linked directory of programs", "path /bin/ls 0", []string{
			"execve exe=/usr/bin/cat; NORMAL /bin/cat 7; NORMAL /lib64/ld-linux-x86-64.so.2 9",
			"execve exe=/usr/bin/ls; NORMAL /bin/ls 8; NORMAL /lib64/ld-linux-x86-64.so.2 9"}, "open"},
		{"the parent of a file that is made may be that of a link's target", "dir /etc 0", []string{
			"open; NORMAL /etc 5d", "open; PARENT /home/u/ 5d; NORMAL /home/u/link 8"}, "open"},
		{"it is where the rule's own path is known to be no link", "dir /etc 0", []string{
			"open cwd=/etc; NORMAL /etc 5d", "open; PARENT /home/u/ 5d; NORMAL /home/u/link 8"}, "true"},
		{"what a path leads to is not tagged where that may be a link", "dir /a/l 0", []string{"open; NORMAL /a/l 5", "open; NORMAL /a/b 5"}, "open"},

		{"an inode used again", "path /etc/old 0", []string{
			"open; NORMAL /etc/old 5", "unlink; PARENT /etc/ 2d; DELETE /etc/old 5", "creat; PARENT /tmp/ 3d; CREATE /tmp/new 5", "fchmod; NORMAL - 5"}, "false"},
		{"an inode used again by a name that is not told", "path /etc/old 0", []string{
			"open; NORMAL /etc/old 5", "unlink; PARENT /etc/ 2d; DELETE /etc/old 5", "creat; PARENT /tmp/ 3d; CREATE - 5", "fchmod; NORMAL - 5"}, "open"},
		{"renamed", "path /etc/new 0", []string{
			"open; NORMAL /etc/old 5", "rename; PARENT /etc/ 2d; PARENT /etc/ 2d; DELETE /etc/old 5; CREATE /etc/new 5", "fchmod; NORMAL - 5"}, "true"},
		{"a directory renamed takes its files along", "dir /b 0", []string{
			"open; NORMAL /a/f 5", "rename; PARENT / 2d; PARENT / 2d; DELETE /a 6d; CREATE /b 6d", "fchmod; NORMAL - 5"}, "true"},
		{"replaced by a rename that is not in the log", "path /etc/f 0", []string{
			"open; NORMAL /etc/f 4", "creat; PARENT /etc/ 2d; CREATE /etc/f.new 5", "open; NORMAL /etc/f 5"}, "true"},

		{"the rule's path never came, and this one ends alike", "path /sbin/ip 0", []string{"open; NORMAL /usr/sbin/ip 5"}, "open"},
		{"not where its directory is the root, which is no link", "path /ip 0", []string{"open; NORMAL /usr/sbin/ip 5"}, "false"},
		{"not where it is known by inode that they are two", "path /opt/sbin/ip 0", []string{
			"open; NORMAL /opt/sbin 8d", "open; NORMAL /usr/sbin 9d", "open; NORMAL /usr/sbin/ip 5"}, "false"},
		{"not where the rule's directory has no link on its way", "path /opt/sbin/ip 0", []string{"open cwd=/opt/sbin; NORMAL /usr/sbin/ip 5"}, "false"},
		{"a directory of the same name whose own path never came", "dir /var/run/app 0", []string{"open; NORMAL /run/app/pid 5"}, "open"},
		{"a mount hides what a path= is bound to", "path /mnt/disk 0", []string{"open; NORMAL /mnt 5d/01", "open; NORMAL /mnt/disk 2d/02"}, "false"},

		{"exe is the rule's", "exe /usr/bin/cat 0", []string{"open exe=/usr/bin/cat; NORMAL /etc/passwd 5"}, "true"},
		{"exe is another", "exe /usr/bin/cat 0", []string{"open exe=/usr/bin/dog; NORMAL /etc/passwd 5"}, "false"},
		{"exe may be the same through a link", "exe /opt/bin/cat 0", []string{"open exe=/usr/bin/cat; NORMAL /etc/passwd 5"}, "open"},
		{"a watch of unknown kind, the log shows a directory", "form /opt/x 0", []string{"open; NORMAL /opt/x 7d", "fchmod; NORMAL - 9"}, "true"},
		{"a watch of unknown kind whose path came into being later", "form /opt/x 0", []string{"mkdir; PARENT /opt/ 2d; CREATE /opt/x 7d", "fchmod; NORMAL - 9"}, "open"},
		{"a directory that is renamed takes its rule along", "dir /a 0", []string{
			"rename; PARENT / 2d; PARENT / 2d; DELETE /a 6d; CREATE /b 6d", "open; NORMAL /b/f 5"}, "true"},
		{"and what comes in its place has none", "dir /a 0", []string{
			"rename; PARENT / 2d; PARENT / 2d; DELETE /a 6d; CREATE /b 6d", "open; NORMAL /a/f 5"}, "false"},
		{"a watch is given up when its directory moves", "path /a/f 0", []string{
			"rename; PARENT / 2d; PARENT / 2d; DELETE /a 6d; CREATE /b 6d", "open; NORMAL /a/f 5"}, "false"},
		{"a directory that is made again has no rule", "dir /a/d 0", []string{
			"rmdir; PARENT /a/ 2d; DELETE /a/d 6d", "mkdir; PARENT /a/ 2d; CREATE /a/d 7d", "open; NORMAL /a/d/f 5"}, "false"},
		{"an exchange leaves the watch of its second name without a file", "path /a/two 0", []string{
			"renameat2 a0=ffffff9c a2=ffffff9c; PARENT /a/ 2d; PARENT /a/ 2d; DELETE /a/one 5; DELETE /a/two 6; CREATE /a/two 5; CREATE /a/one 6",
			"open; NORMAL /a/two 5"}, "false"},
		{"and not that of its first", "path /a/one 0", []string{
			"renameat2 a0=ffffff9c a2=ffffff9c; PARENT /a/ 2d; PARENT /a/ 2d; DELETE /a/one 5; DELETE /a/two 6; CREATE /a/two 5; CREATE /a/one 6",
			"open; NORMAL /a/one 6"}, "true"},
		{"a watch of unknown kind, the log shows a file", "form /opt/x 0", []string{"open; NORMAL /opt/x 7", "fchmod; NORMAL - 9"}, "false"},
		{"a watch of unknown kind, and no word of it", "form /opt/x 0", []string{"fchmod; NORMAL - 9"}, "open"},
		{"hosts are kept apart", "path /etc/passwd 0", []string{"open node=a; NORMAL /etc/passwd 5", "fchmod node=b; NORMAL - 5"}, "open"},
	} {
		words := strings.Fields(tc.ask)
		var i int
		fmt.Sscan(words[2], &i)
		m := &Matcher{paths: newPathSet()}
		ref := refOf(m.paths, words[0]+" "+words[1])
		f := NewFacts(m)
		var last *event.Call
		for n, line := range tc.log {
			last = script(t, n, line)
			f.Learn(last)
		}
		p := newPlaces(m.paths, f)
		p.reset(last)
		if got := p.read(ref, i).String(); got != tc.want {
			t.Errorf("%s: %s is %s, want %s", tc.what, tc.ask, got, tc.want)
		}
	}
}

// TestLaterNames asks about the first event of a log when all of it has been read.
func TestLaterNames(t *testing.T) {
	for _, tc := range []struct {
		what, ask string
		log       []string
		news      bool
		again     string
	}{
		{"a descriptor's file is named later", "path /etc/passwd 0", []string{"fchmod; NORMAL - 5", "open; NORMAL /etc/passwd 5"}, true, "true"},
		{"and is another one", "path /etc/passwd 0", []string{"fchmod; NORMAL - 5", "open; NORMAL /etc/group 5", "open; NORMAL /etc/passwd 6"}, true, "false"},
		{"its number is used anew later", "path /etc/passwd 0", []string{"fchmod; NORMAL - 5", "creat; PARENT /etc/ 2d; CREATE /etc/passwd 5"}, true, "open"},
		{"a name turns out to be a link's", "path /a/real 0", []string{"open; NORMAL /a/link 5", "readlink; NORMAL /a/link 4l", "open; NORMAL /a/real 5"}, true, "open"},
		{"the rule's own path comes later", "path /opt/sbin/ip 0", []string{"open; NORMAL /usr/sbin/ip 5", "open; NORMAL /opt/sbin/ip 6"}, true, "false"},
		{"a link that is made later was none", "dir /etc 0", []string{
			"open; NORMAL /tmp/l/passwd 8", "symlink; UNKNOWN /etc -; PARENT /tmp/ 2d; CREATE /tmp/l 4l"}, true, "false"},
	} {
		words := strings.Fields(tc.ask)
		m := &Matcher{paths: newPathSet()}
		ref := refOf(m.paths, words[0]+" "+words[1])
		f := NewFacts(m)
		p := newPlaces(m.paths, f)
		var all []*event.Call
		for n, line := range tc.log {
			c := script(t, n, line)
			all = append(all, c)
			f.Learn(c)
			if n == 0 {
				p.reset(c)
				if p.read(ref, 0).open {
					p.undecided()
				}
			}
		}
		if got := f.News(); got != tc.news {
			t.Errorf("%s: news is %v", tc.what, got)
		}
		if f.News() {
			t.Errorf("%s: the same news twice", tc.what)
		}
		g := f.Again()
		g.Learn(all[0])
		q := newPlaces(m.paths, g)
		q.reset(all[0])
		if got := q.read(ref, 0).String(); got != tc.again {
			t.Errorf("%s: %s is %s the second time, want %s", tc.what, tc.ask, got, tc.again)
		}
	}
}

// TestAboutOnlyWhereFactsSayMore checks that few events are decided twice.
func TestAboutOnlyWhereFactsSayMore(t *testing.T) {
	m := &Matcher{paths: newPathSet()}
	m.paths.dir("/etc")
	m.paths.watch("/var/run/utmp")
	f := NewFacts(m)
	for n, tc := range []struct {
		line  string
		about bool
	}{
		{"open; NORMAL /etc/passwd 5", false},
		{"open; NORMAL /home/u/x 6", false},
		{"open; NORMAL /etc/passwd 5", false},
		{"fchmod; NORMAL - 5", true},
		{"fchmod; NORMAL - 99", false},
		{"open; NORMAL /var/run/utmp 7", false},
		{"open; NORMAL /run/utmp 7", true},
		{"open; NORMAL /run/utmp 7", true},
		{"open; NORMAL /var/run/utmp 7", true},
		{"open fails; UNKNOWN /run/utmp -", false},
		{"open; NORMAL /home/u/x 6", false},
	} {
		if got := f.Learn(script(t, n, tc.line)); got != tc.about {
			t.Errorf("event %d, %s: about is %v", n, tc.line, got)
		}
	}
}

// TestNothingNewInTheSameLogAgain reads the recorded log, and what it left undecided, twice with one set of facts: a log that goes on as it
// began brings no more news.
func TestNothingNewInTheSameLogAgain(t *testing.T) {
	s := readSample(t, filepath.Join(corpus(t), "recorded"))
	m, err := New(s.rules, Host{})
	if err != nil {
		t.Fatal(err)
	}
	f := NewFacts(m)
	j := m.Judge(f)
	read := func() (news int) {
		eachCall(s.log, func(c *event.Call) {
			f.Learn(c)
			j.Decide(c)
			if f.News() {
				news++
			}
		})
		return news
	}
	if read() == 0 {
		t.Error("no news in a log with symlinks: this test sees nothing")
	}
	if news := read(); news > 0 {
		t.Errorf("%d times news in a log that has been read before", news)
	}
}

func TestEnrichedNamesGiveNumbers(t *testing.T) {
	m := matcherOf(t, Host{}, "-a always,exit -F arch=b64 -S open -F uid=0")
	m.names = []nameID{{"postgres", false}, {"adm", true}}
	f := NewFacts(m)
	p := newPlaces(m.paths, f)
	c := callOf(t, sysRecord+"syscall=2 uid=101 gid=4 items=0\x1dARCH=x86_64 SYSCALL=open UID=\"postgres\" GID=\"adm\"")
	p.reset(c)
	if _, known := p.userID("postgres", false); known {
		t.Error("a user is known before the log named it")
	}
	f.Learn(c)
	p.reset(c)
	if id, known := p.userID("postgres", false); !known || id != 101 {
		t.Errorf("postgres is %d, %v", id, known)
	}
	if id, known := p.userID("adm", true); !known || id != 4 {
		t.Errorf("adm is %d, %v", id, known)
	}
	if _, known := p.userID("adm", false); known {
		t.Error("a group became a user")
	}
}

// TestRespelledWatch checks that a second watch of one file is seen, once the log has shown that their directories are one.
func TestRespelledWatch(t *testing.T) {
	m := &Matcher{paths: newPathSet()}
	w, other := m.paths.watch("/lnk/f"), m.paths.watch("/a/f")
	m.paths.watch("/b/f")
	f := NewFacts(m)
	p := newPlaces(m.paths, f)
	ask := func(serial int, line string) *watchRef {
		c := script(t, serial, line)
		f.Learn(c)
		p.reset(c)
		return p.respelled(w)
	}
	if got := ask(1, "open; NORMAL /a 5d"); got != nil {
		t.Errorf("respelled as %s before the log has shown it", got.text)
	}
	if got := ask(2, "open; NORMAL /lnk 5d"); got != other {
		t.Errorf("respelled as %v, want %s", got, other.text)
	}
}
