package record

import "bytes"

// Value is the value of a field as written.
type Value struct {
	Text  []byte // without its quotes
	Quote byte   // '"' or a single quote where it stood in such, 0 where bare
}

// Null reports whether the kernel wrote the bare word (null): there is none.
func (v Value) Null() bool { return v.Quote == 0 && string(v.Text) == "(null)" }

// Value returns the first field called name of the body. Fields of the record itself stand before those of a user message, msg='…',
// and so are found first. A field begins at the start of the body, behind a blank, behind msg=' or, where the kernel forgot the
// blank, behind the number of ses= (kernel/audit_watch.c:audit_watch_log_rule_change writes ses=55op=remove_rule).
// Value does not allocate.
func (r *Record) Value(name string) (Value, bool) {
	at := find(r.Body, name)
	if at < 0 {
		return Value{}, false
	}
	return valueAt(r.Body, at, name), true
}

// Field returns the bytes of the first field called name without quotes and not decoded, see Value.
func (r *Record) Field(name string) (value []byte, ok bool) {
	v, ok := r.Value(name)
	return v.Text, ok
}

// Interpreted returns the first field called name, in capitals, that auditd added behind 0x1D (auditd.conf(5), log_format = ENRICHED).
// A value in braces, SADDR={ … }, is returned with them.
func (r *Record) Interpreted(name string) (value []byte, ok bool) {
	at := find(r.Enriched, name)
	if at < 0 {
		return nil, false
	}
	if rest := r.Enriched[at:]; len(rest) > 0 && rest[0] == '{' {
		if n := bytes.IndexByte(rest, '}'); n >= 0 {
			return rest[:n+1], true
		}
		return rest, true
	}
	return valueAt(r.Enriched, at, name).Text, true
}

// find returns the place behind the first name= in b that begins a field, -1 where there is none.
func find(b []byte, name string) int {
	if name == "" {
		return -1
	}
	var room [32]byte
	needle := append(append(room[:0], name...), '=')
	for from := 0; ; {
		n := bytes.Index(b[from:], needle)
		if n < 0 {
			return -1
		}
		if from += n; beginsField(b, from) && !inQuotes(b, from) {
			return from + len(needle)
		}
		from++
	}
}

// inQuotes reports whether place at lies between two double quotes. The kernel writes no blank between them (hex instead), so nothing
// that looks like a field there is one. A quote that is never closed hides nothing.
func inQuotes(b []byte, at int) bool {
	return bytes.Count(b[:at], doubleQuote)%2 == 1 && bytes.IndexByte(b[at:], '"') >= 0
}

var doubleQuote = []byte{'"'}

// beginsField reports whether a field may begin at place at.
func beginsField(b []byte, at int) bool {
	if at == 0 {
		return true
	}
	switch c := b[at-1]; {
	case c == ' ':
		return true
	case c == '\'':
		return opensMessage(b, at-1)
	case isDigit(c):
		return followsSession(b, at)
	}
	return false
}

// opensMessage reports whether the quote at place quote is the one of msg='.
func opensMessage(b []byte, quote int) bool {
	const msg = "msg="
	at := quote - len(msg)
	return at >= 0 && string(b[at:quote]) == msg && (at == 0 || b[at-1] == ' ')
}

// followsSession reports whether the digits before place at are the value of ses=, at most ten of them (32 bits).
func followsSession(b []byte, at int) bool {
	const ses = "ses="
	n := at
	for n > 0 && at-n < 10 && isDigit(b[n-1]) {
		n--
	}
	lo := n - len(ses)
	return lo >= 0 && string(b[lo:n]) == ses && (lo == 0 || b[lo-1] == ' ')
}

// valueAt takes the value of the field name that begins at place at.
func valueAt(b []byte, at int, name string) Value {
	rest := b[at:]
	if len(rest) == 0 {
		return Value{Text: rest}
	}
	switch {
	case rest[0] == '"':
		return quoted(rest[1:], bytes.IndexByte(rest[1:], '"'), '"')
	case rest[0] == '\'' && name == "msg":
		return quoted(rest[1:], bytes.LastIndexByte(rest[1:], '\''), '\'')
	}
	end := bytes.IndexByte(rest, ' ')
	if end < 0 {
		end = len(rest)
	}
	if name == "ses" {
		end = sessionEnd(rest[:end])
	}
	if end > 0 && rest[end-1] == '\'' && insideMessage(b[:at]) {
		end--
	}
	return Value{Text: rest[:end]}
}

// quoted is text up to its closing quote, all of it where a cut line has none.
func quoted(text []byte, closing int, quote byte) Value {
	if closing < 0 {
		closing = len(text)
	}
	return Value{Text: text[:closing], Quote: quote}
}

// sessionEnd is the length of the number in 55op=remove_rule, or all of the value.
func sessionEnd(value []byte) int {
	n := 0
	for n < len(value) && isDigit(value[n]) {
		n++
	}
	if n == 0 || bytes.IndexByte(value[n:], '=') < 0 {
		return len(value)
	}
	return n
}

// insideMessage reports whether before holds the opening of a user message, msg='.
func insideMessage(before []byte) bool {
	return bytes.HasPrefix(before, []byte("msg='")) || bytes.Contains(before, []byte(" msg='"))
}
