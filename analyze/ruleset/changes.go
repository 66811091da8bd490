package ruleset

import (
	"bytes"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Changes is what a log says of rules being loaded and removed: its CONFIG_CHANGE records (kernel/auditfilter.c: audit_log_rule_change;
// kernel/audit_watch.c: audit_watch_log_rule_change; kernel/audit_tree.c: audit_tree_log_remove_rule; kernel/audit_fsnotify.c:
// audit_mark_log_rule_change). The zero value is ready; Add it every event, in order. Set.ApplyConfigChanges draws the conclusions.
type Changes struct {
	list    []change
	updated map[updatedWatch]bool
	nodes   map[string]bool
	dropped bool // there were more than are kept
	started bool // auditd has started, and no event of the kernel has come since
	file    string
}

// changeKind is what happened to a rule.
type changeKind uint8

const (
	changeAdd    changeKind = iota // somebody added it, or tried to
	changeRemove                   // somebody removed it, or tried to
	changeGone                     // the kernel removed it: its path is gone
	changeStart                    // auditd started: the rules are loaded anew at a boot or a restart
)

// change is one of them.
type change struct {
	kind changeKind
	at   match.Moment
	rule label
	ok   bool
	path string // of changeGone
	dir  bool   // path was said as dir=
	file string // of changeAdd: what auditctl -R was given, "" where the event does not tell
}

// label is how CONFIG_CHANGE names a rule.
type label struct {
	key  string // joined by 0x01, "" for none
	list uint64
}

// updatedWatch is a path= rule whose file was replaced. It says that the rule watches a file.
type updatedWatch struct{ path, key string }

// Bounds of what is kept of a hostile or a very long log.
const (
	maxChanges = 100_000
	maxUpdated = 10_000
	maxNodes   = 2 // more than one is all that matters
)

var (
	configChange = []byte("CONFIG_CHANGE")
	daemon       = []byte("DAEMON_")
	proctitle    = []byte("PROCTITLE")
)

// Add looks at one event. A start of auditd counts from the next event of the kernel on: its own serial is not the kernel's.
func (c *Changes) Add(ev *event.Event) {
	from := len(c.list)
	for i := range ev.Records {
		rec := &ev.Records[i]
		switch {
		case bytes.HasPrefix(rec.Type, daemon):
			c.started = c.started || bytes.Equal(rec.Type, daemonStart)
			continue
		case c.started:
			c.started = false
			c.keep(rec, change{kind: changeStart})
		}
		if bytes.Equal(rec.Type, configChange) {
			c.record(rec)
		}
	}
	if len(c.list) > from {
		c.loadedFrom(ev, c.list[from:])
	}
}

// loadedFrom notes which file was being loaded, from the command line of whoever changed the rules.
func (c *Changes) loadedFrom(ev *event.Event, list []change) {
	for i := range ev.Records {
		if !bytes.Equal(ev.Records[i].Type, proctitle) {
			continue
		}
		words, _ := ev.Records[i].Text("proctitle")
		_, rest, ok := strings.Cut(words, "\x00-R\x00")
		file, _, _ := strings.Cut(rest, "\x00")
		if !ok {
			return
		}
		if file != c.file {
			c.file = strings.Clone(file) // one for a whole load
		}
		for j := range list {
			list[j].file = c.file
		}
	}
}

func (c *Changes) record(rec *record.Record) {
	op, _ := rec.Text("op")
	list, ok := rec.Uint("list")
	if !ok {
		return // of a setting, not of a rule
	}
	key, _ := rec.Text("key")
	res, _ := rec.Uint("res")
	ch := change{rule: label{strings.Clone(key), list}, ok: res == 1}
	path, isPath := rec.Text("path")
	dir, isDir := rec.Text("dir")
	switch op {
	case "add_rule", "add rule":
		ch.kind = changeAdd
	case "remove_rule", "remove rule", "autoremove_rule":
		ch.kind = changeRemove
		if isPath || isDir {
			ch.kind, ch.path, ch.dir = changeGone, strings.Clone(path+dir), isDir
		}
	case "updated_rules", "updated rules":
		c.update(updatedWatch{path, key})
		return
	default:
		return
	}
	c.keep(rec, ch)
}

func (c *Changes) keep(rec *record.Record, ch change) {
	if c.nodes == nil {
		c.nodes = map[string]bool{}
	}
	if len(c.nodes) < maxNodes {
		c.nodes[string(rec.Node)] = true
	}
	if len(c.list) == maxChanges {
		c.dropped = true
		return
	}
	ch.at = match.Moment{Sec: rec.Sec, Milli: rec.Milli, Serial: rec.Serial}
	c.list = append(c.list, ch)
}

func (c *Changes) update(w updatedWatch) {
	if c.updated == nil {
		c.updated = map[updatedWatch]bool{}
	}
	if len(c.updated) < maxUpdated && !c.updated[w] {
		c.updated[updatedWatch{strings.Clone(w.path), strings.Clone(w.key)}] = true
	}
}
