package record

// AppendUntrusted appends to dst what a field holds that its writer encodes where it has to (kernel/audit.c:audit_log_n_untrustedstring:
// comm, exe, key, name, cwd): a quoted value as it stands, a bare one in whole bytes of upper-case hex decoded, another bare one as it
// stands. It reports false, and appends nothing, for (null). The text may hold any byte. Which fields are encoded the caller has to
// know: see AppendText, which knows by name.
func (v Value) AppendUntrusted(dst []byte) ([]byte, bool) {
	switch {
	case v.Quote != 0:
		return append(dst, v.Text...), true
	case v.Null():
		return dst, false
	case isHexText(v.Text):
		return appendHex(dst, v.Text), true
	}
	return append(dst, v.Text...), true
}
