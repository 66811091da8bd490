package rule

import "fmt"

// Env is what the text of a rule does not say: the machine that it is for, and what auditctl would look up there.
type Env struct {
	// Machine is the AUDIT_ARCH_* of the kernel (names.ArchX86_64 and so on): what b64, b32 and a rule without arch mean.
	Machine uint32
	// User and Group are the ids of names, nil where there are none.
	User, Group func(name string) (uint32, bool)
	// IsDir tells whether a path is a directory now, symlinks followed: -w then watches what is below it. nil is never.
	IsDir func(path string) bool
	// Dialect is the auditctl that is imitated. It has no default.
	Dialect Dialect
}

// Note is something about a rule that compiles: that it may do what its author did not mean.
type Note struct {
	Pos  Pos
	Text string
}

// String is file:line:col: text.
func (n Note) String() string { return n.Pos.String() + ": " + n.Text }

// Compile gives a rule the form in which the kernel lists it after auditctl has loaded it; sent to the kernel it makes the same
// rule (src/auditctl.c: setopt, handle_request; kernel/auditfilter.c: audit_data_to_entry, audit_krule_to_data). It does no I/O.
//
// Whether the rule is appended, put first or deleted is r.Flag and no part of the result. The error is an Errors with everything that
// this auditctl would refuse; what only the kernel refuses (a path whose folder is missing, uid=unset, two paths) compiles.
func Compile(r *Rule, env Env) (Wire, []Note, error) {
	c := &compiler{rule: r, env: env, wire: Wire{List: r.List, Action: r.Action}}
	c.start()
	c.watch()
	at := max(0, min(r.SyscallsAt, len(r.Fields)))
	for _, f := range r.Fields[:at] {
		c.field(f)
	}
	c.syscalls()
	for _, f := range r.Fields[at:] {
		c.field(f)
	}
	c.finish()
	if err := c.errs.asError(); err != nil {
		return Wire{}, nil, err
	}
	return c.wire, c.notes, nil
}

// compiler is the state that auditctl keeps while it reads the options of one rule.
type compiler struct {
	rule  *Rule
	env   Env
	wire  Wire
	arch  uint32 // by which names of syscalls are read; 0 before an arch or a syscall (libaudit: _audit_elf)
	given bool   // the mask is given, by -S, -w or perm (libaudit: _audit_syscalladded)
	notes []Note
	errs  Errors
}

func (c *compiler) fail(err *Error) {
	if err != nil {
		c.errs = append(c.errs, err)
	}
}

func (c *compiler) note(pos Pos, format string, args ...any) {
	c.notes = append(c.notes, Note{pos, fmt.Sprintf(format, args...)})
}

// version is the dialect in a message.
func (c *compiler) version() string { return "auditctl " + c.env.Dialect.String() }

// start judges what the rule as a whole asks for.
func (c *compiler) start() {
	first, d := Token{Pos: c.rule.Pos}, c.env.Dialect
	switch {
	case d < 3_00_00:
		c.fail(wrong(first, "3.0 or later", "no version of auditctl to compile for"))
	case c.rule.List > ListIOUring || c.rule.List == ListEntry || c.rule.List == ListWatch:
		c.fail(wrong(first, legalLists, "rule on list %s", c.rule.List))
	case c.rule.List == ListIOUring && d < sinceUring:
		c.fail(wrong(first, "auditctl "+sinceUring.String()+" or later", "%s has no list io_uring", c.version()))
	case c.rule.Action != ActionAlways && c.rule.Action != ActionNever:
		c.fail(wrong(first, "always or never", "action %s", c.rule.Action))
	case c.rule.Flag == "-A" && d >= prependDeletes && d < prependMended:
		c.note(c.rule.Pos, "%s itself deletes a rule instead when it is given -A", c.version())
	}
}

// finish adds what comes last: the mask of a rule without syscalls, and the key.
func (c *compiler) finish() {
	if !c.given && c.rule.List != ListTask {
		c.allSyscalls()
	}
	c.wire.Mask[maskWords-1] &= classless
	c.key()
	if n := len(c.wire.Fields); n > maxRuleFields {
		c.fail(wrong(Token{Pos: c.rule.Pos}, "63, the key and the two of a watch counted", "%d fields", n))
	}
}

// key adds the joined key, which auditctl reads as one more -F.
func (c *compiler) key() {
	key := c.rule.Key()
	if key == "" {
		return
	}
	at := c.rule.Keys[0]
	c.fail(c.allowed(at, FieldFilterKey, "key"))
	for _, k := range c.rule.Keys {
		c.fail(c.keyBytes(k, k.Text))
	}
	c.wire.Fields = append(c.wire.Fields, textField(FieldFilterKey, OpEqual, key))
}

// keyBytes refuses the separator in a key, where auditctl does.
func (c *compiler) keyBytes(t Token, key string) *Error {
	for i := range len(key) {
		if key[i] == KeySeparator && c.env.Dialect >= sinceKeyBytes {
			return wrong(t, "several -k", "key %s holds the byte that separates keys", quote(key))
		}
	}
	return nil
}

func textField(typ, op uint32, text string) WireField {
	return WireField{Type: typ, Op: op, Value: uint32(len(text)), Str: text}
}
