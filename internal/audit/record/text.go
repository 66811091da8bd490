package record

// Text returns the field called name as the program or the administrator had it: a quoted value as it stands, a bare one decoded
// where the writer encodes that field in upper-case hex (see untrusted) and as it stands elsewhere. ok is false where the field is
// missing or (null). A PROCTITLE of "(null)" in quotes means that there was none (kernel/auditsc.c:audit_log_proctitle).
// The text may hold any byte, in proctitle NUL between the arguments.
func (r *Record) Text(name string) (text string, ok bool) {
	var room [256]byte
	b, ok := r.AppendText(room[:0], name)
	return string(b), ok
}

// AppendText appends what Text returns to dst.
func (r *Record) AppendText(dst []byte, name string) (text []byte, ok bool) {
	v, ok := r.Value(name)
	if !ok || v.Null() || name == "proctitle" && string(v.Text) == "(null)" {
		return dst, false
	}
	if v.Quote == 0 && isHexText(v.Text) && r.untrusted(name) {
		return appendHex(dst, v.Text), true
	}
	return append(dst, v.Text...), true
}

// untrusted reports whether a bare value of the field name is hex. The names: kernel calls of audit_log_untrustedstring, and for
// user-space records audit-userspace auparse/typetab.h (AUPARSE_TYPE_ESCAPED and its kin). saddr is always hex. aN and aN[k] are
// strings in EXECVE records and numbers in SYSCALL records.
func (r *Record) untrusted(name string) bool {
	switch name {
	case "comm", "exe", "key", "name", "cwd", "proctitle", "ocomm", "path", "dir", "data", "saddr",
		"acct", "cmd", "file", "watch", "device", "cgroup", "grp", "new_group", "vm", "sw", "root_dir", "invalid_context",
		"old-chardev", "new-chardev", "old-disk", "new-disk", "old-fs", "new-fs", "old-net", "new-net", "old-rng", "new-rng",
		"apparmor", "operation", "denied_mask", "requested_mask", "info", "profile":
		return true
	}
	return isArgument(name) && (string(r.Type) == "EXECVE" || string(r.Type) == "UNKNOWN[1309]")
}

// isArgument reports whether name is aN or aN[k].
func isArgument(name string) bool {
	return len(name) >= 2 && name[0] == 'a' && isDigit(name[1]) && (isDigit(name[len(name)-1]) || name[len(name)-1] == ']')
}

// isHexText reports whether b is a whole number of bytes in upper-case hex, at least one. Kernel and libaudit write no lower case
// (kernel/audit.c:audit_log_n_hex, audit-userspace lib/audit_logging.c:audit_encode_value).
func isHexText(b []byte) bool {
	if len(b) == 0 || len(b)%2 != 0 {
		return false
	}
	for _, c := range b {
		if !isDigit(c) && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

func appendHex(dst, hex []byte) []byte {
	for n := 0; n+1 < len(hex); n += 2 {
		dst = append(dst, nibble(hex[n])<<4|nibble(hex[n+1]))
	}
	return dst
}

func nibble(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c - 'A' + 10
}
