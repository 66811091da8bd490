package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// learnReal learns from names that the kernel wrote without symlinks: the working directory and the executable.
func (f *Facts) learnReal(h *host, c *event.Call) {
	if c.Has&event.HasCwd != 0 {
		f.learnRealDir(h, f.cwdSum, c.Cwd.AppendUntrusted, false)
	}
	if c.Has&event.HasExe != 0 {
		f.learnRealDir(h, f.exeSum, c.Exe.AppendUntrusted, true)
	}
}

// learnRealDir is learnReal of one name, of which sum is a hash as written.
func (f *Facts) learnRealDir(h *host, sum uint64, text func([]byte) ([]byte, bool), file bool) {
	slot := &h.seen[sum%seenDirs]
	if *slot == sum {
		return
	}
	*slot = sum
	full, ok := text(f.text[:0])
	f.text = full
	if !ok || len(full) == 0 || full[0] != '/' || !isClean(full) || bytes.HasSuffix(full, deleted) {
		return
	}
	for n := 1; n <= len(full); n++ {
		if n < len(full) && full[n] != '/' {
			continue
		}
		f.realPrefix(h, full[:n], n < len(full) || !file)
	}
}

// realPrefix enters a name without symlinks.
func (f *Facts) realPrefix(h *host, prefix []byte, dir bool) {
	if sum := f.files.hash(h.index, prefix); dir && len(h.real) < maxReal {
		if _, known := h.real[sum]; !known && f.spend(mapEntry) {
			h.real[sum] = struct{}{}
		}
	}
	for _, r := range f.set.at[string(prefix)] {
		if s := &h.refs[r.id]; !s.real {
			s.real = true
			f.changed(s.waited || s.link)
		}
	}
	if !dir {
		return
	}
	for _, r := range f.set.within[string(prefix)] {
		if s := &h.refs[r.id]; !s.parent {
			s.parent = true
			f.changed(s.waited)
		}
	}
}

// aboutExe tells whether facts say more of the executable than exe= does.
func (f *Facts) aboutExe(h *host, c *event.Call) bool {
	if c.Has&event.HasExe == 0 || !f.set.hasExes {
		return false
	}
	sum := f.exeSum
	slot := &h.exes[sum%seenExes]
	if slot.hash == sum && slot.epoch == f.epoch {
		return slot.about
	}
	*slot = seenExe{hash: sum, epoch: f.epoch}
	for _, r := range f.set.refs {
		if r.kind == pathExe {
			with := f.spell.exe(r)
			without := f.spell.exePlain(r)
			if with.open != without.open || with.value != without.value {
				slot.about = true
				break
			}
		}
	}
	return slot.about
}

// learnIDs learns numbers of users and groups from what auditd added behind the record (auditd.conf(5), log_format = ENRICHED).
func (f *Facts) learnIDs(h *host, c *event.Call) {
	sys := c.Event.Syscall()
	if len(h.users) == len(f.ids) || sys == nil || len(sys.Enriched) == 0 {
		return
	}
	for _, field := range [...]struct {
		name  string
		id    uint32
		group bool
	}{
		{"AUID", c.AUID, false}, {"UID", c.UID, false}, {"EUID", c.EUID, false}, {"SUID", c.SUID, false}, {"FSUID", c.FSUID, false},
		{"GID", c.GID, true}, {"EGID", c.EGID, true}, {"SGID", c.SGID, true}, {"FSGID", c.FSGID, true},
	} {
		text, ok := sys.Interpreted(field.name)
		if !ok {
			continue
		}
		for _, want := range f.ids {
			if _, known := h.users[want]; !known && want.group == field.group && want.name == string(text) {
				h.users[want] = field.id
				f.changed(true)
			}
		}
	}
}
