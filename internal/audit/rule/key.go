package rule

import "strings"

// keyOption reads -k. auditctl wants something before it that a key makes sense for (src/auditctl.c: setopt).
func (p *lineParser) keyOption(o option) *Error {
	if !p.listed && !p.lost {
		return p.needsList(o, "-k")
	}
	if !p.lost && !p.keyed() {
		return wrong(o.Token, legalKey, "-k without what a key is for")
	}
	return p.takeKey(o.value)
}

const legalKey = "-S, -w, -p, or one of the fields path, dir, perm, exe and fstype before -k"

func (p *lineParser) keyed() bool { return p.syscalls || p.perms || p.exe || p.fstype }

// takeKey adds one key of -k or -F key=.
func (p *lineParser) takeKey(t Token) *Error {
	joined := joinKey(p.key, t.Text)
	if len(joined) > MaxKeyLen {
		return wrong(t, "at most 256 bytes, a separator between two keys counted", "key of %d bytes in all", len(joined))
	}
	p.key = joined
	p.rule.Keys = append(p.rule.Keys, t)
	return nil
}

// addKey is the last step of a rule: auditctl gives the joined key to the same reader as -F, as key=... (src/auditctl.c: end of setopt).
func (p *lineParser) addKey(first Token) *Error {
	if p.key == "" {
		return nil
	}
	at := p.rule.Keys[0]
	if !p.keyed() {
		return wrong(at, legalKey, "key without what a key is for")
	}
	for _, op := range []string{"!=", ">=", "<=", "&="} {
		if strings.Contains(p.key, op) {
			return wrong(at, "a key without != >= <= and &=", "key holds %s, which auditctl reads as the operator", op)
		}
	}
	return p.room(first)
}
