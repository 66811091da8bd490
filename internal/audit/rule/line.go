package rule

import "strings"

// lineParser reads the options of one line in order, with the state that auditctl keeps between them
// (src/auditctl.c: the variables of reset_vars).
type lineParser struct {
	rule     Rule
	controls []Control
	errs     Errors

	seen   bool // some option of a rule
	listed bool // the rule has its list
	lost   bool // the list was bad: what depends on it is not judged
	pairs  int  // how many of -a, -A, -d

	syscalls, perms, exe, fstype bool // what allows a key
	fields                       int  // as the kernel counts them
	key                          string
	last                         *Control // the option that ended the line
}

// parseLine reads the words of one line that is no comment.
func parseLine(line *Line, words []Token) (*Rule, []Control, Errors) {
	p := &lineParser{rule: Rule{Pos: words[0].Pos, Text: line.Text}}
	opts, bad := options(words)
	for i := 0; i < len(opts) && p.last == nil; i++ {
		i += p.option(opts[i], len(words), line.Text)
		if p.last != nil && i+1 < len(opts) {
			p.trailing(opts[i+1])
		}
	}
	if bad != nil {
		p.fail(bad)
	}
	p.finish(words[0])
	if len(p.errs) > 0 {
		return nil, nil, p.errs
	}
	if !p.listed {
		return nil, p.controls, nil
	}
	return &p.rule, p.controls, nil
}

func (p *lineParser) fail(err *Error) {
	if err != nil {
		p.errs = append(p.errs, err)
	}
}

// ruleOptions are the options that make a rule; all others are control options.
var ruleOptions = map[string]func(*lineParser, option) *Error{
	"-a": (*lineParser).pair, "-A": (*lineParser).pair, "-d": (*lineParser).pair, "-w": (*lineParser).watch,
	"-W": (*lineParser).watch, "-p": (*lineParser).perm, "-S": (*lineParser).syscall, "-F": (*lineParser).field,
	"-C": (*lineParser).compare, "-k": (*lineParser).keyOption,
}

// option reads one option and returns how many of the following words belong to it beside its value.
func (p *lineParser) option(o option, words int, text string) (used int) {
	if o.Text == "" {
		p.stray(o.value)
		return 0
	}
	read, ok := ruleOptions[o.Text]
	if ok {
		p.seen = true
		p.fail(read(p, o))
		return 0
	}
	c, err := control(o)
	c.Text = text
	if err == nil && (o.Text == "-D" || o.Text == "-l" || o.Text == "-s") {
		used, err = c.detail(o, words)
	}
	if err == nil && o.Text == "-m" && words > 2 {
		err = wrong(o.Token, "one text without spaces, alone in its line: -m TEXT", "-m with other words in the line")
	}
	p.fail(err)
	p.controls = append(p.controls, c)
	if alone[o.Text] {
		p.last = &c
	}
	return used
}

// trailing refuses what stands behind an option that ends the line.
func (p *lineParser) trailing(o option) {
	t := o.Token
	if o.Text == "" {
		t = o.value
	}
	p.fail(wrong(t, "a line of its own", "%s after %s, where auditctl no longer reads", quote(t.Text), p.last.Option))
}

func (p *lineParser) stray(t Token) {
	for _, e := range p.errs {
		if e.Pos.Line == t.Pos.Line && strings.HasPrefix(e.What, strayWord) {
			return // one is enough: the rest of a quoted value follows word by word
		}
	}
	p.fail(wrong(t, "only options and their values; a comment has a line of its own that begins with #", strayWord+"%s", quote(t.Text)))
}

const strayWord = "word without an option: "

// finish judges the line as a whole.
func (p *lineParser) finish(first Token) {
	switch {
	case len(p.errs) > 0:
	case p.listed && p.last != nil:
		p.fail(wrong(first, p.last.Option+" in a line of its own", "auditctl does not load the rule of a line that also says %s", p.last.Option))
	case p.seen && !p.listed:
		p.fail(wrong(first, "-a LIST,ACTION or -w PATH first", "rule without a list"))
	case !p.seen && len(p.controls) == 0:
		p.fail(wrong(first, legalOptions, "line without an option"))
	case p.listed:
		p.fail(p.addKey(first))
	}
}
