package rule

import "strings"

// Control is one control option: anything of a rule file that is no rule.
type Control struct {
	Pos Pos
	// Option is its full name: -b, -f, -e, -r, -i, -c, -D, -l, -s, -m, -q, -t, -v, -h or a long option.
	Option string
	Value  string // its value as typed, "" where it takes none; -i after -l and -s
	Key    string // of -D -k and -l -k
	// Number is the value of -b (records), -r (records a second), --backlog_wait_time (jiffies), -e and -f, read as auditctl reads
	// it: hexadecimal after 0x, octal after 0, what follows the digits ignored, cut to 32 bits.
	Number uint32
	Text   string // the line as typed
}

const legalSignals = "TERM, HUP, USR1, USR2 or CONT, from audit 4.0 on also stop, reload, rotate, resume or state"

// alone are the options after which auditctl ends the line: what follows is not read, and a rule in the same line is not loaded
// (src/auditctl.c: setopt, the returns of -2).
var alone = map[string]bool{
	"-i": true, "-c": true, "-s": true, "-l": true, "-D": true, "-v": true, "-t": true, "-m": true, "-q": true, "-h": true,
	"--loginuid-immutable": true, "--reset-lost": true, "--reset_backlog_wait_time_actual": true, "--signal": true, "--help": true,
}

// control reads one control option.
func control(o option) (Control, *Error) {
	c := Control{Pos: o.Pos, Option: o.Text, Value: o.value.Text}
	switch o.Text {
	case "-e", "-f":
		if c.Value != "0" && c.Value != "1" && c.Value != "2" {
			return c, wrong(o.value, "0, 1 or 2", "%s %s", o.Text, quote(c.Value))
		}
		c.Number = uint32(c.Value[0] - '0')
	case "-b", "-r", "--backlog_wait_time":
		n, fits := cNumber(c.Value, 0)
		if !startsWithDigit(c.Value) || !fits {
			return c, wrong(o.value, "a number from 0 to 4294967295", "%s %s", o.Text, quote(c.Value))
		}
		c.Number = uint32(n)
	case "-m":
		if i := strings.IndexFunc(c.Value, func(r rune) bool { return r < ' ' || r > '~' && r != 0x7f }); i >= 0 {
			return c, wrong(o.value, "ASCII without control characters", "-m %s", quote(c.Value))
		}
	case "-q":
		_, sub, ok := strings.Cut(c.Value, ",")
		if !ok || sub == "" || strings.Contains(sub, ",") {
			return c, wrong(o.value, "MOUNT,SUBTREE", "-q %s", quote(c.Value))
		}
	case "--signal":
		if !signals[strings.ToLower(c.Value)] {
			return c, wrong(o.value, legalSignals, "unknown signal %s", quote(c.Value))
		}
	case "-R":
		return c, wrong(o.Token, "name the files on the command line", "a rule file cannot read another with -R")
	}
	return c, nil
}

var signals = map[string]bool{
	"term": true, "hup": true, "usr1": true, "usr2": true, "cont": true,
	"stop": true, "reload": true, "rotate": true, "resume": true, "state": true,
}

// detail reads the words that belong to -D, -l and -s: -k KEY or -i, and nothing else in a line of that many words. It returns how
// many words that were.
func (c *Control) detail(o option, words int) (used int, err *Error) {
	rest := o.rest
	switch {
	case len(rest) == 0 && words == 1:
		return 0, nil
	case o.Text != "-s" && len(rest) == 2 && words == 3 && rest[0].Text == "-k":
		c.Key = rest[1].Text
		return 2, nil
	case o.Text != "-D" && len(rest) == 1 && words == 2 && rest[0].Text == "-i":
		c.Value = "-i"
		return 1, nil
	}
	legal := map[string]string{"-D": "-D, or -D -k KEY", "-l": "-l, -l -i, or -l -k KEY", "-s": "-s, or -s -i"}
	return 0, wrong(o.Token, "alone in its line "+legal[o.Text], "%s with other words in the line", o.Text)
}
