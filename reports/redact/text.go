package redact

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
)

// piece is a part of a text. What is done is not looked at again: a placeholder may look like a name.
type piece struct {
	text string
	done bool
}

// stage finds fields, and says what stands in place of their value.
type stage struct {
	only    string         // the text must have this in it
	pattern *regexp.Regexp // groups: the field's name, what stands between, the value
	with    func(r *Redactor, name, between, value string) string
}

const value = `("[^"\n]*"|'[^'\n]*'|[^\s"'\x1d,]+)`

// stages in order: fields of records (auditd's log) and of rules (auditctl -F).
var stages []stage

// Set late: what a name in hex is replaced by goes through all stages again.
func init() {
	stages = []stage{
		{"type=EXECVE", regexp.MustCompile(`\b(a\d+(?:\[\d+\])?)(=)` + value), argument},
		{"", regexp.MustCompile(`\b(proctitle|cmd|data)(=)` + value), argument},
		{"", regexp.MustCompile(`\b(saddr)(=)` + value), func(*Redactor, string, string, string) string { return "(address)" }},
		{"", regexp.MustCompile(`\b(hostname|node|addr|laddr|faddr|raddr)(=)` + value), func(r *Redactor, _, _, v string) string { return r.host(plain(v)) }},
		{"", regexp.MustCompile(`\b(acct|(?:A|E|S|FS|O|OA|OBJ_|INODE_)?[UG]ID)(=)` + value), func(r *Redactor, _, _, v string) string { return r.user(plain(v)) }},
		{"", regexp.MustCompile(`\b((?:a|e|s|fs|o|oa|i|login|obj_|inode_|old_?a|old-a)?uid|(?:e|s|fs|o|obj_|new_|inode_)?gid)(\s*(?:!=|<=|>=|=|<|>)\s*)` + value), account},
		{"/user", regexp.MustCompile(`(/run/user)(/)(\d+)`), account},                    // user-runtime-dir@.service(5)
		{"user", regexp.MustCompile(`\b(user)(@|-)(\d+)\.(?:slice|service)\b`), account}, // systemd.special(7): of a login's user
		{"", regexp.MustCompile(`\b(name|cwd|exe|path|dir|comm|key|watch|file|oldpath)(=)([0-9A-F]{8,})`), hexadecimal},
	}
}

func argument(*Redactor, string, string, string) string { return "(argument)" }

// account is a user or group in a rule or a record. What is compared by order with a round number is a bound of a range: no person.
func account(r *Redactor, _, between, v string) string {
	v = plain(v)
	number, err := strconv.ParseUint(v, 10, 32)
	if err == nil && strings.ContainsAny(between, "<>") && number%100 == 0 {
		return v
	}
	return r.user(v)
}

// hexadecimal is a name that auditd wrote in hex, for the blanks or quotes in it.
func hexadecimal(r *Redactor, _, _, v string) string {
	bytes, err := hex.DecodeString(v)
	if err != nil {
		return v
	}
	if text := string(bytes); r.path(text) != text {
		return "(name)"
	}
	return v
}

func plain(v string) string {
	if len(v) >= 2 && (v[0] == '"' || v[0] == '\'') {
		v = v[1 : len(v)-1]
	}
	return v
}

// Text is a text without names: a rule, a file of rules, a record, a sentence of ours about one of them.
func (r *Redactor) Text(text string) string {
	if text == "" || r.keep[text] {
		return text
	}
	r.link(text)
	pieces := []piece{{text: text}}
	for _, s := range stages {
		if strings.Contains(text, s.only) {
			pieces = each(pieces, func(t string) []piece { return s.find(r, t) })
		}
	}
	pieces = each(each(pieces, r.homesIn), r.known)
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

// each gives the pieces that are not done to one more stage.
func each(pieces []piece, find func(string) []piece) []piece {
	var out []piece
	for _, p := range pieces {
		switch {
		case p.done:
			out = append(out, p)
		case p.text != "":
			out = append(out, find(p.text)...)
		}
	}
	return out
}

// find replaces the values of the stage's fields.
func (s stage) find(r *Redactor, text string) []piece {
	var out []piece
	from := 0
	for _, at := range s.pattern.FindAllStringSubmatchIndex(text, -1) {
		v := text[at[6]:at[7]]
		with := s.with(r, text[at[2]:at[3]], text[at[4]:at[5]], v)
		if with == plain(v) {
			continue
		}
		if v[0] == '"' {
			with = `"` + with + `"`
		}
		out = append(out, piece{text: text[from:at[6]]}, piece{with, true})
		from = at[7]
	}
	return append(out, piece{text: text[from:]})
}

var (
	numbered = regexp.MustCompile(`\b([aesfo]*uid)=(\d+)`)
	named    = regexp.MustCompile(`\b([AESFO]*UID)="([^"\n]+)"`)
)

// link learns from an enriched record which name belongs to which number: auid=1017 ... AUID="alice".
func (r *Redactor) link(text string) {
	if !strings.Contains(text, `UID="`) {
		return
	}
	names := map[string]string{}
	for _, at := range named.FindAllStringSubmatch(text, -1) {
		names[strings.ToLower(at[1])] = at[2]
	}
	for _, at := range numbered.FindAllStringSubmatch(text, -1) {
		r.same(at[2], names[at[1]])
	}
}
