package matchtest

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// Plan is one random rule set and one random script, made from a seed.
type Plan struct {
	Seed   uint64   `json:"seed"`
	Style  Style    `json:"style"`
	Dir    string   `json:"dir"`   // of the tree
	Rules  []string `json:"rules"` // with what only the machine knows as @names, see Facts
	Script Script   `json:"script"`
}

// NewPlan makes the plan of a seed: 5 to 60 rules and the catch-all, and a script of about so many system calls.
func NewPlan(seed uint64, dir string, style Style, calls int) Plan {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 1)), dir: dir, style: style}
	p := Plan{Seed: seed, Style: style, Dir: dir}
	p.Rules = append(m.rules(5+m.IntN(28)+m.IntN(29)), CatchAll()...)
	p.Script = m.script(calls)
	return p
}

// Facts are what the machine says when a plan is run.
type Facts struct {
	PID, PPID, Session     int
	Major, Minor, TmpMinor uint32
	Exe                    string
	Inode                  func(path string) uint64 // 0 where it is not there
}

// Line is a rule of a plan with the facts put in.
func (f Facts) Line(line, dir string) string {
	line = strings.NewReplacer("@T/", dir+"/", "@pid", strconv.Itoa(f.PID), "@ppid", strconv.Itoa(f.PPID), "@ses", strconv.Itoa(f.Session),
		"@major", strconv.Itoa(int(f.Major)), "@minor", strconv.Itoa(int(f.Minor)), "@tmpminor", strconv.Itoa(int(f.TmpMinor)), "@exe", f.Exe).Replace(line)
	before, after, ok := strings.Cut(line, "@ino:")
	if !ok {
		return line
	}
	name, rest := after, ""
	for i := range after {
		if after[i] == ' ' && (i == 0 || after[i-1] != '\\') {
			name, rest = after[:i], after[i:]
			break
		}
	}
	return f.Line(before+strconv.FormatUint(f.Inode(strings.ReplaceAll(name, `\ `, " ")), 10)+rest, dir)
}

// Styles are the kinds of plans that are tried: of everything something, mostly descriptors, mostly symlinks and watches, no keys at all,
// odd things.
var Styles = map[string]Style{
	"mixed":       {Descriptors: 2, Spellings: 2, Watches: 4},
	"descriptors": {Descriptors: 8, Spellings: 2, Watches: 7},
	"symlinks":    {Descriptors: 1, Spellings: 7, Watches: 8},
	"fields":      {Descriptors: 1, Spellings: 1, Watches: 0},
	"keyless":     {Descriptors: 3, Spellings: 3, Watches: 5, Keyless: true},
	"odd":         {Descriptors: 1, Spellings: 3, Watches: 6, Odd: true},
}
