package place

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// randomFiles are rule files with comments, blank lines, control lines, CR LF, doubled rules, and last lines without an end (of the last file
// alone: augenrules glues others to the next).
func randomFiles(rnd *rand.Rand) map[string]string {
	files := map[string]string{}
	names := []string{"10-a.rules", "9-b.rules", "audit.rules"}[:1+rnd.IntN(3)]
	for _, name := range names {
		files[name] = randomText(rnd, pick(rnd, "\n", "\n", "\r\n"))
	}
	if len(names) == 3 && rnd.IntN(2) == 0 {
		files["audit.rules"] = strings.TrimRight(files["audit.rules"], "\r\n")
	}
	if len(names) == 1 && rnd.IntN(2) == 0 {
		files[names[0]] = strings.TrimRight(files[names[0]], "\r\n")
	}
	return files
}

func randomText(rnd *rand.Rand, end string) string {
	var b strings.Builder
	for range rnd.IntN(12) {
		b.WriteString(pick(rnd, "# a comment", "", "-b 8192", "## -D", "-f 1", randomLine(rnd), randomLine(rnd), randomLine(rnd)) + end)
	}
	return b.String() + randomLine(rnd) + end
}

func randomLine(rnd *rand.Rand) string {
	n := rnd.IntN(6)
	return pick(rnd,
		fmt.Sprintf("-a always,exit -F arch=b64 -S open,openat -F a%d=1 -k files%d", n%4, n),
		fmt.Sprintf("-w /etc/f%d -p rwxa -k watch", n),
		fmt.Sprintf("-a always,exit -F arch=b32 -S open  -F dir=/srv/%d -F key=x", n),
		fmt.Sprintf("-a never,exclude -F msgtype=%d", 1300+n),
		fmt.Sprintf("-w /srv/%d", n))
}

// randomChanges are changes for a base, a few of which have no place.
func randomChanges(rnd *rand.Rand, b Base) []Numbered {
	var out []Numbered
	for i := range 1 + rnd.IntN(4) {
		q := rnd.IntN(len(b.Set.Rules))
		c := suggest.Change{Kind: suggest.Exclude, MsgType: pick(rnd, "CWD", "1302", "PROCTITLE")}
		switch rnd.IntN(5) {
		case 0, 1:
			c = opens(q, rnd.IntN(len(b.Set.Rules)))
			c.Conds[0].Value = fmt.Sprint(rnd.IntN(3))
		case 2:
			c = narrowTo(q, strings.Replace(b.Set.Rules[q].Text, "rwxa", "wa", 1))
		case 3:
			c = suggest.Change{Kind: suggest.User, MsgType: "USER_ACCT", Conds: []suggest.Cond{{Field: "uid", Op: "=", Value: "5"}}}
		}
		out = append(out, Numbered{ID: fmt.Sprintf("P%d", i+1), Change: c, Comment: []string{"why\nnot", "-D"}[:rnd.IntN(3)]})
	}
	return out
}
