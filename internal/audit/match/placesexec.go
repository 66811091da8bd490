package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// realName replaces the name of the file that a successful execve runs by exe=, which is that of the new program, without symlinks
// (kernel/audit.c: audit_log_d_path_exe, of the process as it is at exit of the call).
func (p *places) realName(i int, pl *place) {
	c := p.call
	if i > 1 || !p.does.exec || !c.Success || c.Has&event.HasExe == 0 || i != p.program() {
		return
	}
	start := len(p.buf)
	buf, ok := c.Exe.AppendUntrusted(p.buf)
	p.buf = buf
	exe := buf[start:]
	if !ok || len(exe) == 0 || exe[0] != '/' || bytes.HasSuffix(exe, deleted) {
		return
	}
	pl.real, pl.typed = true, span{pl.lo, pl.hi}
	pl.lo, pl.hi = start, len(buf)
}

// deleted is what d_path puts behind the name of a file that is gone.
var deleted = []byte(" (deleted)")

// program is the name of an execve that the new program was read from: the first, or the second where the first is a script and the
// second its interpreter, -1 where that cannot be told. The name behind that of a dynamically linked program is its loader
// (fs/binfmt_elf.c: load_elf_binary; fs/binfmt_script.c).
func (p *places) program() int {
	n := p.call.Names
	switch {
	case len(n) == 1 && p.call.Items == 1:
		return 0
	case len(n) < 2 || n[0].Item != 0 || n[1].Item != 1 || p.call.Items != len(n):
		return -1
	case p.isLoader(1):
		return 0
	case len(n) == 2 || p.isLoader(2):
		return 1
	}
	return -1
}

// isLoader tells whether name i is that of a dynamic loader: ld-linux-x86-64.so.2, ld-musl-aarch64.so.1, ld64.so.2.
func (p *places) isLoader(i int) bool {
	text := p.call.Names[i].Name.Text
	base := text[bytes.LastIndexByte(text, '/')+1:]
	return bytes.HasPrefix(base, []byte("ld")) && bytes.Contains(base, []byte(".so"))
}
