package policy

import (
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// where judges dir= and path=: what else is there, and who may write there.
func (p *Policy) where(v *verdict, x *exclusion) {
	switch {
	case x.dir != "" && inexact(x.dir) != "" || x.path != "" && inexact(x.path) != "":
		return // said by exactConds
	case x.dir == "" && x.path == "":
		if x.namesFiles() && !x.only(classNet) {
			v.say(suggest.Medium, "the calls name files, and no folder is given: it would not matter which files are opened")
		}
		return
	}
	for _, where := range p.spellings(x.dir) {
		p.folder(v, where)
	}
	for _, where := range p.spellings(x.path) {
		file(v, where)
		if p.isHome(path.Dir(where)) {
			v.say(suggest.Medium, "%s is right in a service's home: whoever makes the service write files there chooses their names", where)
		}
	}
	for _, b := range x.of {
		p.deeper(v, x, b)
	}
	p.writers(v, x)
}

// twoNames are folders that are one on most hosts (file-hierarchy(7)): what stands in front is a link.
var twoNames = []struct{ link, real string }{{"/bin", "/usr/bin"}, {"/sbin", "/usr/sbin"}, {"/lib", "/usr/lib"}, {"/lib64", "/usr/lib64"}, {"/var/run", "/run"},
	{"/var/lock", "/run/lock"}}

// spellings are a path as written, as the snapshot resolves it, by the links that every host has, and where else it is mounted. None for "".
func (p *Policy) spellings(where string) []string {
	if where == "" {
		return nil
	}
	out := []string{where, p.host.real(where), unlinked(where)}
	if f := p.host.access(where); f != nil && f.Real != "" {
		out = append(out, f.Real)
	}
	out = append(out, p.host.mountedFrom(where)...)
	slices.Sort(out)
	return slices.Compact(out)
}

// unlinked is a path with the link in front that every host has resolved.
func unlinked(p string) string {
	for _, n := range twoNames {
		if within(p, n.link) {
			return n.real + p[len(n.link):]
		}
	}
	return p
}

// samePlace tells whether a path leads to where it says, but for the links that every host has.
func samePlace(p, real string) bool { return p == real || unlinked(p) == real }

// folder judges what is, and what may be, in a folder.
func (p *Policy) folder(v *verdict, dir string) {
	file(v, dir)
	said := ""
	for _, s := range sensitive { // one of each kind is enough: they stand together
		if s.why != said && dir != s.path && within(s.path, dir) {
			v.say(s.risk, "%s holds %s: %s", dir, s.path, s.why)
			said = s.why
		}
	}
	for _, m := range p.host.mounts {
		if below(m.Path, dir) {
			v.say(suggest.Medium, "something is mounted at %s: all of it goes too, by whatever name it is used", quotedName(m.Path))
		}
	}
	for _, h := range p.host.homes {
		if within(h.dir, dir) {
			v.say(suggest.High, "%s is or holds the home of uid %d, %s: a key put into its .ssh would go unseen", dir, h.uid, quotedName(h.dir))
		}
	}
	if strings.Count(dir, "/") == 1 {
		v.say(suggest.Medium, "%s is a whole folder of the top level", dir)
	}
	if len(p.host.homes) == 0 && conventionalHome(dir) {
		v.say(suggest.High, "%s is by convention the home of a service account: a key put into its .ssh would go unseen", dir)
	}
}

// isHome tells whether a folder itself is a home, by the snapshot, or where that has none by convention.
func (p *Policy) isHome(dir string) bool {
	if len(p.host.homes) > 0 {
		return slices.ContainsFunc(p.host.homes, func(h home) bool { return h.dir == dir })
	}
	return slices.Contains(homeFolders, path.Dir(dir))
}

// conventionalHome tells whether a folder is, or holds, what is commonly the home of a service account.
func conventionalHome(dir string) bool {
	for _, h := range homeFolders {
		if path.Dir(dir) == h || within(h, dir) {
			return true
		}
	}
	return false
}

// file judges by its name what a file is, or what is in a folder.
func file(v *verdict, p string) { named(v, p, p) }

// named judges a path by its name, and calls it what a report should.
func named(v *verdict, p, called string) {
	for _, s := range sensitive {
		if s.path != "/" && within(p, s.path) || p == s.path {
			v.say(s.risk, "%s is in %s: %s", called, s.path, s.why)
		}
	}
	parts := strings.Split(strings.TrimPrefix(p, "/"), "/")
	if parts[0] == "var" && len(parts) > 1 && (parts[1] == "lib" || parts[1] == "www") {
		parts = parts[2:] // judged as places
	}
	for _, name := range parts {
		if len(name) > 1 && name[0] == '.' {
			v.say(suggest.Forbidden, "%s is in a folder %s: keys and settings are kept in such folders", called, quotedName(name))
		}
		if c, ok := components[strings.ToLower(name)]; ok {
			v.say(c.risk, "%s is in a folder %s, which %s", called, name, c.why)
		}
	}
}

// deeper judges one behaviour that the change takes away: its folder may be more telling than the condition.
func (p *Policy) deeper(v *verdict, x *exclusion, b *suggest.Behaviour) {
	if b.Names == suggest.MoreNames && x.dir != "" {
		v.say(suggest.High, "some of it names two files, and dir= takes the event if only one of them is there")
	}
	if b.Dir == "" || x.dir == "" || b.Dir == x.dir || !within(b.Dir, x.dir) {
		return
	}
	named(v, b.Dir, "some of it")
	for _, h := range p.host.homes {
		if within(b.Dir, h.dir) && len(h.dir) > len(x.dir) {
			v.say(suggest.High, "some of it is in the home of uid %d, %s", h.uid, quotedName(h.dir))
		}
	}
}

// writers judges who may put files into the folder: nobody but root and the service itself.
func (p *Policy) writers(v *verdict, x *exclusion) {
	where := x.dir
	if where == "" {
		where = path.Dir(x.path)
	}
	sockets := x.only(classNet) && below(where, "/run") // of another service: only root makes folders in /run
	files, folders := owners(v, x, where, sockets)
	if real := p.host.real(where); !samePlace(where, real) {
		v.say(suggest.Forbidden, "%s leads to %s by a symlink, and the kernel takes what is there for it", where, quotedName(real))
	}
	if p.snapshotWriters(v, x, where, sockets) {
		return
	}
	if sockets {
		v.assume("only root makes folders in /run, and only the service that %s is for has its sockets there: look with namei -l %s, or with --this-host or a snapshot", where, where)
		return
	}
	v.assume("%s exists (a rule for a folder that is missing does not load), no folder on the way is a symlink, nothing is mounted below it, and nobody but root and uid %s may write there: look with namei -l %s, or with --this-host or a snapshot",
		where, quotedPath(x.uid), where)
	switch {
	case folders:
	case !stateFolder(where):
		v.say(suggest.Medium, "whose folder %s is, is not known: its place says nothing, and the log has only files of it", where)
	case !files:
		v.say(suggest.Medium, "nothing says who owns files in %s", where)
	}
}

// owners judges what the log shows of who owns and may write what is there, and reports whether it shows any owner, and those of all folders.
func owners(v *verdict, x *exclusion, where string, ofOthers bool) (any, folders bool) {
	folders = len(x.of) > 0
	for _, b := range x.of {
		for _, o := range []suggest.Ownership{b.DirOwner, b.FileOwner} {
			switch {
			case !o.Seen || ofOthers:
			case o.Mixed:
				v.say(suggest.Medium, "the log shows that several users own something in %s, not the service alone", where)
			case o.UID != 0 && o.UID != number(x.uid):
				v.say(suggest.Medium, "the log shows that uid %d owns something in %s, who is not the service", o.UID, where)
			}
			any = any || o.Seen
		}
		if b.DirOwner.Seen && b.DirOwner.Writable {
			v.say(suggest.Medium, "the log shows a folder of %s that a group or everybody may write", where)
		}
		folders = folders && b.DirOwner.Seen
	}
	return any, folders
}

// stateFolder tells whether a folder is below one that a package makes for its service, where nobody else makes any (hier(7),
// file-hierarchy(7)).
func stateFolder(dir string) bool {
	for _, h := range []string{"/var/lib", "/var/opt", "/var/cache", "/run"} {
		if below(dir, h) {
			return true
		}
	}
	return false
}

// below tells whether a path is in a folder, and is not the folder.
func below(p, folder string) bool { return p != folder && within(p, folder) }

// snapshotWriters judges by the snapshot, and reports whether it says anything.
func (p *Policy) snapshotWriters(v *verdict, x *exclusion, where string, ofOthers bool) bool {
	f := p.host.access(where)
	if f == nil {
		return false
	}
	if f.Kind == match.SnapshotMissing {
		v.say(suggest.Forbidden, "the host has no %s: the rule would not load", where)
	}
	if f.Real != "" && !samePlace(where, f.Real) {
		v.say(suggest.Forbidden, "%s leads to %s by a symlink, and the kernel takes what is there for it", where, quotedName(f.Real))
	}
	if f.Shared {
		v.say(suggest.Medium, "on the host a group or everybody may write %s", f.WritableBy)
	}
	for _, o := range f.Owners {
		if o != number(x.uid) && !ofOthers {
			v.say(suggest.Medium, "on the host uid %d, who is not the service, owns a folder on the way to %s", o, where)
		}
	}
	return true
}
