package policy

import (
	"path"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// program judges exe=: who can have put the file there, and whose code it runs.
func (p *Policy) program(v *verdict, x *exclusion) {
	if inexact(x.exe) != "" {
		return // said by exactConds
	}
	for _, dir := range openFolders {
		if within(x.exe, dir) {
			v.say(suggest.Forbidden, "%s is below %s, where others than root put programs", x.exe, dir)
			return
		}
	}
	for _, dir := range containerFolders {
		if within(x.exe, dir) {
			v.say(suggest.Forbidden, "%s is inside a container: the kernel compares inodes, which the next container does not have", x.exe)
			return
		}
	}
	p.owner(v, x)
	code(v, x)
}

// owner judges who can replace the program: what the log shows against it counts, what a snapshot says settles it, else the convention does.
func (p *Policy) owner(v *verdict, x *exclusion) {
	for _, b := range x.of {
		if b.ExeOwner.SetID {
			v.say(suggest.Medium, "the log shows %s as setuid or setgid: whoever runs it acts with another's rights", x.exe)
		}
		if b.ExeOwner.Seen && (b.ExeOwner.UID != 0 || b.ExeOwner.Writable || b.ExeOwner.Mixed) {
			v.say(suggest.Forbidden, "the log shows %s, or a folder above it, as owned or writable by others than root", x.exe)
		}
	}
	for _, h := range p.host.homes {
		if h.uid != 0 && within(x.exe, h.dir) {
			v.say(suggest.Forbidden, "%s is in the home of uid %d", x.exe, h.uid)
		}
	}
	f := p.host.access(x.exe)
	switch {
	case f == nil && conventional(x.exe):
		v.assume("nobody but root may write %s and the folders above it, and it is not setuid: look with namei -l %s, or with --this-host or a snapshot", x.exe, x.exe)
	case f == nil:
		v.say(suggest.Medium, "who may replace %s is not known: its place says nothing (--this-host or a snapshot would)", x.exe)
	case f.Kind == match.SnapshotMissing:
		v.say(suggest.Forbidden, "the host has no %s: it is seen in containers only, or is gone", x.exe)
	case !samePlace(x.exe, f.Real):
		v.say(suggest.Forbidden, "%s leads to %s by a symlink: it is not the program of that name that runs", x.exe, quotedName(f.Real))
	case f.Kind != match.SnapshotFile:
		v.say(suggest.Forbidden, "%s is no plain file on the host, so exe= would never match", x.exe)
	case f.WritableBy != "" || f.Shared || len(f.Owners) > 0:
		v.say(suggest.Forbidden, "on the host others than root may write %s", f.WritableBy)
	case f.Mode&0o6000 != 0:
		v.say(suggest.Medium, "%s is setuid or setgid: whoever runs it acts with another's rights", x.exe)
	}
}

func conventional(exe string) bool {
	for _, dir := range rootFolders {
		if within(exe, dir) {
			return true
		}
	}
	return false
}

// code judges whose code the program runs.
func code(v *verdict, x *exclusion) {
	name := path.Base(x.exe)
	switch {
	case inSet(interpreters, x.exe) && x.tight():
		v.say(suggest.High, "%s runs whatever it is given: the user and the place are all that is left", name)
	case inSet(interpreters, x.exe):
		v.say(suggest.Forbidden, "%s runs whatever it is given: anybody's code could hide in it", name)
	case inSet(tools, x.exe) && x.tight():
		v.say(suggest.Medium, "%s reads, writes or runs what its arguments say, and attackers use what is there (GTFOBins)", name)
	case inSet(tools, x.exe):
		v.say(suggest.High, "%s reads, writes or runs what its arguments say, and attackers use what is there (GTFOBins)", name)
	}
	for _, b := range x.of {
		if b.UID != b.EUID {
			v.say(suggest.Medium, "%s acts with the rights of uid %d for uid %d", name, b.EUID, b.UID)
		}
	}
}
