package rule

import (
	"slices"
	"strings"
)

// Rule is one rule as a line says it. Field order is the kernel's: it compares rules field by field (kernel/auditfilter.c:
// audit_compare_rule), so -F, -C and -p stand together in Fields as they were typed.
type Rule struct {
	Pos    Pos
	Flag   string // -a, -A, -d, -w or -W
	List   List
	Action Action
	// Arch is the value of the last arch= field, "" without one: it says by which table Syscalls are read.
	Arch     string
	Syscalls []Token // names and numbers as typed, and all; no check that a name exists
	// SyscallsAt is how many Fields stood before the first -S. From libaudit 3.1.3 on a perm= after -S narrows the mask and one
	// before it, without an arch, does not.
	SyscallsAt int
	Fields     []Field
	Keys       []Token // of -k and -F key=, in order; the kernel gets them joined by KeySeparator as the last field
	Watch      Token   // the path of -w and -W as typed
	Perms      Token   // the -p of a watch; none means rwxa
	Text       string  // the line as typed
}

// Field is one test of a rule: -F name op value, -C name op othername, or a -p on a rule that is no watch.
type Field struct {
	Pos   Pos
	Flag  string // -F, -C or -p
	Name  string // in lower case
	Op    string // = != < <= > >= & &=
	Value string
}

// Compares are the -C fields alone.
func (r *Rule) Compares() []Field {
	var out []Field
	for _, f := range r.Fields {
		if f.Flag == "-C" {
			out = append(out, f)
		}
	}
	return out
}

// Key is the key the kernel gets and logs: several joined by KeySeparator, "" without one.
func (r *Rule) Key() string {
	key := ""
	for _, k := range r.Keys {
		key = joinKey(key, k.Text)
	}
	return key
}

// IsWatch tells whether the rule was written with -w or -W.
func (r *Rule) IsWatch() bool { return r.Watch.Text != "" }

// String is the rule on one line in one way of writing: list before action, one -S, escapes where they are needed, keys last.
// Read again it gives the same rule. Where the words are too short for auditctl (see split) values are glued to their options.
func (r *Rule) String() string {
	var words []string
	if r.IsWatch() {
		watch := "-w"
		if r.Flag == "-W" {
			watch = "-W"
		}
		words = append(words, watch, r.Watch.Text)
	}
	if r.Flag != "-w" && r.Flag != "-W" {
		words = append(words, r.Flag, r.listAction())
	}
	if r.Perms.Text != "" {
		words = append(words, "-p", r.Perms.Text)
	}
	at := r.syscallsAt()
	words = appendFields(words, r.Fields[:at])
	if len(r.Syscalls) > 0 {
		words = append(words, "-S", joinTokens(r.Syscalls))
	}
	words = appendFields(words, r.Fields[at:])
	for _, k := range r.Keys {
		if k.Text == "" {
			words = append(words, "-F", "key=")
			continue
		}
		words = append(words, "-k", k.Text)
	}
	for i, w := range words {
		words[i] = escape(w)
	}
	text := strings.Join(words, " ")
	if len(words) > wordsRead(text) {
		text = strings.Join(words[:2], " ")
		for i := 2; i < len(words); i += 2 {
			text += " " + words[i] + words[i+1]
		}
	}
	return text
}

// listAction names the action first, as auditctl -l does. After a watch auditctl takes the list first only.
func (r *Rule) listAction() string {
	if r.IsWatch() {
		return r.List.String() + "," + r.Action.String()
	}
	return r.Action.String() + "," + r.List.String()
}

// syscallsAt is where among the fields -S may stand: never before an arch.
func (r *Rule) syscallsAt() int {
	at := min(r.SyscallsAt, len(r.Fields))
	for i, f := range slices.Backward(r.Fields) {
		if f.Name == "arch" && f.Flag == "-F" {
			return max(at, i+1)
		}
	}
	return at
}

func appendFields(words []string, fields []Field) []string {
	for _, f := range fields {
		if f.Flag == "-p" {
			words = append(words, "-p", f.Value)
			continue
		}
		name := f.Name
		if name == "key" && f.Op == "=" {
			name = "KEY" // see lineParser.field
		}
		words = append(words, f.Flag, name+f.Op+f.Value)
	}
	return words
}

func joinTokens(list []Token) string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = t.Text
	}
	return strings.Join(texts, ",")
}

// joinKey adds a key as auditctl does: an empty first one leaves no trace (src/auditctl.c: setopt, process_keys).
func joinKey(key, more string) string {
	if key == "" {
		return more
	}
	return key + string(rune(KeySeparator)) + more
}
