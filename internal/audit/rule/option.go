package rule

import "strings"

// shortOptions are auditctl's options of one letter; a colon follows those that take a value (src/auditctl.c: setopt).
const shortOptions = "hicslDvtC:e:f:r:b:a:A:d:S:F:m:R:w:W:k:p:q:"

// longOptions are auditctl's long options and whether they take a value (src/auditctl.c: long_opts; help from 4.0 on).
var longOptions = []struct {
	name  string
	value bool
}{
	{"loginuid-immutable", false}, {"backlog_wait_time", true}, {"reset-lost", false},
	{"reset_backlog_wait_time_actual", false}, {"signal", true}, {"help", false},
}

const legalOptions = "-a -A -d -w -W -p -S -F -C -k -D -b -e -f -r -i -c -l -s -m -q -t -v --loginuid-immutable --backlog_wait_time " +
	"--reset-lost --reset_backlog_wait_time_actual --signal"

// option is one option of a line with its value. rest are the words behind it.
type option struct {
	Token        // the option as typed, its text the full name: -F, --signal
	value  Token // its text "" where the option takes none
	glued  bool  // the value stands in the same word
	rest   []Token
	isLong bool
}

// options reads the words of a line as getopt_long does: values glued or not, long options shortened, an end mark --.
// A word that is no option comes back as an option without a name.
func options(words []Token) (out []option, bad *Error) {
	for i := 0; i < len(words); {
		w := words[i]
		i++
		switch {
		case w.Text == "--":
			for _, s := range words[i:] {
				out = append(out, option{value: s})
			}
			return out, nil
		case len(w.Text) < 2 || w.Text[0] != '-':
			out = append(out, option{value: w})
			continue
		}
		o, takes, err := readOption(w)
		if err != nil {
			return out, err
		}
		if takes && !o.glued {
			if i == len(words) {
				return out, wrong(w, valueOf[o.Text], "option %s has no value", o.Text)
			}
			o.value = words[i]
			i++
		}
		o.rest = words[i:]
		out = append(out, o)
	}
	return out, nil
}

// readOption is the option that a word starts, with the value that is glued to it, and whether it takes a value.
func readOption(w Token) (o option, takes bool, err *Error) {
	if strings.HasPrefix(w.Text, "--") {
		return readLong(w)
	}
	o = option{Token: Token{w.Pos, w.Text[:2]}}
	i := strings.IndexByte(shortOptions, w.Text[1])
	if i < 0 || w.Text[1] == ':' {
		return o, false, wrong(w, legalOptions, "unknown option %s", quote(w.Text))
	}
	takes = i+1 < len(shortOptions) && shortOptions[i+1] == ':'
	if len(w.Text) == 2 {
		return o, takes, nil
	}
	if !takes {
		return o, false, wrong(w, o.Text+" on its own", "option %s takes no value, found %s", o.Text, quote(w.Text[2:]))
	}
	o.value, o.glued = Token{w.Pos.after(2), w.Text[2:]}, true
	return o, true, nil
}

func readLong(w Token) (o option, takes bool, err *Error) {
	name, value, glued := strings.Cut(w.Text[2:], "=")
	found := 0
	for _, l := range longOptions {
		if l.name == name {
			o.Text, takes, found = "--"+l.name, l.value, 1
			break
		}
		if strings.HasPrefix(l.name, name) {
			o.Text, takes = "--"+l.name, l.value
			found++
		}
	}
	if found != 1 {
		return o, false, wrong(w, legalOptions, "unknown option %s", quote(w.Text))
	}
	if glued && !takes {
		return o, false, wrong(w, o.Text+" on its own", "option %s takes no value, found %s", o.Text, quote(value))
	}
	o.Pos, o.isLong, o.glued = w.Pos, true, glued
	if glued {
		o.value = Token{w.Pos.after(2 + len(name) + 1), value}
	}
	return o, takes, nil
}

// valueOf says what an option takes.
var valueOf = map[string]string{
	"-a": legalPair, "-A": legalPair, "-d": legalPair, "-F": legalField, "-C": legalCompare, "-S": "a syscall name or number, or all",
	"-w": "an absolute path", "-W": "an absolute path", "-p": legalPerms, "-k": "a key", "-b": "a number of records", "-e": "0, 1 or 2",
	"-f": "0, 1 or 2", "-r": "a number of records a second", "-m": "a text", "-q": "MOUNT,SUBTREE", "-R": "a file",
	"--backlog_wait_time": "a number of jiffies", "--signal": legalSignals,
}
