package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/livetest"
)

// aureportKeys is what aureport --key --summary counts: events by key (audit-userspace src/aureport-output.c: do_key_summary_output).
func aureportKeys(t *testing.T, log string) map[string]uint64 {
	t.Helper()
	out := auditTool(t, "aureport", "-if", log, "--key", "--summary")
	_, table, _ := strings.Cut(out, "\ntotal  key\n")
	keys := map[string]uint64{}
	for line := range strings.Lines(table) {
		n, key, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if count, err := strconv.ParseUint(n, 10, 64); ok && err == nil {
			keys[key] = count
		}
	}
	return keys
}

// ausearchTypes counts the events that have a record of a type, as ausearch shows them.
func ausearchTypes(t *testing.T, log string) map[string]uint64 {
	t.Helper()
	types, seen := map[string]uint64{}, map[string]bool{}
	for line := range strings.Lines(auditTool(t, "ausearch", "-if", log)) {
		if line == "----\n" {
			clear(seen)
			continue
		}
		_, rest, ok := strings.Cut(line, "type=")
		if typ, _, _ := strings.Cut(rest, " "); ok && !seen[typ] {
			seen[typ] = true
			types[typ]++
		}
	}
	return types
}

// auditTool is what a tool of the audit package prints. It exits 1 where it finds no event.
func auditTool(t *testing.T, name string, args ...string) string {
	t.Helper()
	bin, err := exec.LookPath(name)
	if err != nil {
		livetest.Missing(t, name+": install the package auditd, or audit")
	}
	out, _ := exec.Command(bin, args...).Output()
	return string(out)
}

// profileOf is the profile of a log by its keys alone, nil where it holds no audit record.
func profileOf(t *testing.T, log string) *analyze.Profile {
	t.Helper()
	got := typed(t, "analyze", "--by-key", "--format", "json", log)
	switch got.code {
	case exitOK:
	case exitEnvironment:
		return nil
	default:
		t.Fatalf("%s: exit %d: %s", log, got.code, got.err)
	}
	p := &analyze.Profile{}
	if err := json.Unmarshal([]byte(got.out), p); err != nil {
		t.Fatalf("%s: %v", log, err)
	}
	return p
}

// changeKeys counts the keys that CONFIG_CHANGE records name: aureport takes an event in which a rule is loaded for one of its key, a profile
// counts what rules recorded.
func changeKeys(t *testing.T, log string) map[string]uint64 {
	t.Helper()
	f, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	keys := map[string]uint64{}
	for r := record.NewReader(f); r.Scan(); {
		if string(r.Record().Type) == "CONFIG_CHANGE" {
			for _, k := range record.Keys(r.Record()) {
				keys[k]++
			}
		}
	}
	return keys
}

// counts are the rows of a table that have a name.
func counts(t analyze.Table) map[string]uint64 {
	m := map[string]uint64{}
	for _, r := range t.Rows {
		if r.Name != "" {
			m[r.Name] = r.Events
		}
	}
	return m
}

// corpusLogs are all logs of the corpus, the recorded one unpacked.
func corpusLogs(t *testing.T) []string {
	dir := corpus(t)
	packed := filepath.Join(dir, "recorded", "audit.log.zst")
	recorded := filepath.Join(t.TempDir(), "audit.log")
	put(t, recorded, unpacked(t, packed))
	logs := []string{recorded}
	err := filepath.WalkDir(filepath.Join(dir, "logs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "SOURCE.txt" {
			logs = append(logs, path)
		}
		return err
	})
	if err != nil {
		t.Skipf("no logs: %v", err)
	}
	return logs
}

// difference is one number that we count otherwise than the audit tools, in one log of the corpus.
type difference struct {
	log, name    string
	ours, theirs uint64
}

// sameCounts reports every number that differs and is not explained, and every explanation that explains nothing any more.
func sameCounts(t *testing.T, log string, ours, theirs map[string]uint64, explained map[difference]string) {
	t.Helper()
	base := filepath.Base(log)
	names := map[string]bool{}
	for n := range ours {
		names[n] = true
	}
	for n := range theirs {
		names[n] = true
	}
	for n := range names {
		d := difference{base, n, ours[n], theirs[n]}
		if d.ours != d.theirs && explained[d] == "" {
			t.Errorf("%s: %s: we count %d events, the audit tools %d", base, n, d.ours, d.theirs)
		}
	}
	for d := range explained {
		if d.log == base && (ours[d.name] != d.ours || theirs[d.name] != d.theirs) {
			t.Errorf("%s: %s: explained as %d and %d, found %d and %d", base, d.name, d.ours, d.theirs, ours[d.name], theirs[d.name])
		}
	}
}

// keyDifferences are of a line whose key is damaged: hex with a quote behind it. aureport decodes the digits, we take it for what it says. In
// the log that holds its events three times aureport counts every SYSCALL record, we and ausearch those that follow one another as one event.
var keyDifferences = map[difference]string{
	{"LogSamples__UC006.log", "File_test", 22, 48}:                                  thrice,
	{"auparse__testdata__audit-ubuntu17.log", `65786563013634626974"`, 1, 0}:        "damaged",
	{"auparse__testdata__audit-ubuntu17.log", "exec", 0, 1}:                         "damaged",
	{"auparse__testdata__audit-ubuntu17.log", "64bit", 0, 1}:                        "damaged",
	{"tests__data__go-libaudit__audit-ubuntu17.log", `65786563013634626974"`, 1, 0}: "damaged",
	{"tests__data__go-libaudit__audit-ubuntu17.log", "exec", 0, 1}:                  "damaged",
	{"tests__data__go-libaudit__audit-ubuntu17.log", "64bit", 0, 1}:                 "damaged",
}

// What ausearch does otherwise.
const (
	thrice    = "the log holds its events three times, PROCTITLE first; ausearch takes some of those for events of their own, aureport all"
	unread    = "ausearch leaves out an event with an AVC record that it cannot read"
	comment   = "ausearch reads a line behind a #"
	passed    = "ausearch passes over EOE"
	unknown   = "named by what the number means"
	nameless  = "a type that libaudit does not know, without a number"
	ubuntuLog = "aucoalesce__testdata__ubuntu-16.04-linux-4.13.0.yaml"
)

var typeDifferences = map[difference]string{
	{"LogSamples__UC006.log", "PROCTITLE", 22, 38}:                                  thrice,
	{ubuntuLog, "AVC", 2, 0}:                                                        unread,
	{ubuntuLog, "SYSCALL", 2, 0}:                                                    unread,
	{ubuntuLog, "CWD", 1, 0}:                                                        unread,
	{ubuntuLog, "PATH", 1, 0}:                                                       unread,
	{ubuntuLog, "PROCTITLE", 2, 0}:                                                  unread,
	{"auparse__testdata__audit-ubuntu16.log", "AVC", 1, 0}:                          unread,
	{"tests__data__go-libaudit__audit-ubuntu16.log", "AVC", 1, 0}:                   unread,
	{"tests__data__linux-audit-parser-rs__line-broken-avc-info.log", "AVC", 1, 0}:   unread,
	{"tests__data__synthetic__perm.log", "AVC", 1, 0}:                               unread,
	{"tests__data__go-libaudit__audit-rhel6.log", "USER_CMD", 0, 1}:                 comment,
	{"tests__data__linux-audit-parser-rs__line-eoe.log", "EOE", 1, 0}:               passed,
	{"tests__data__linux-audit-parser-rs__line-unknown.log", "BPF", 1, 0}:           unknown,
	{"tests__data__linux-audit-parser-rs__line-unknown.log", "UNKNOWN[1334]", 0, 1}: unknown,
	{"tests__data__synthetic__errno.log", "(unknown type)", 1, 0}:                   nameless,
	{"tests__data__synthetic__errno.log", "AUDIT_INTEGRITY_PCR", 0, 1}:              nameless,
}

// Events by key are those of aureport --key --summary, events by record type those of ausearch, in every log that these can read.
func TestCountsAreThoseOfTheAuditTools(t *testing.T) {
	if testing.Short() {
		t.Skip("runs ausearch and aureport over every log of the corpus: without -short")
	}
	for _, log := range corpusLogs(t) {
		p := profileOf(t, log)
		if p == nil {
			continue
		}
		keys := counts(p.Keys)
		for k, n := range changeKeys(t, log) {
			keys[k] += n
		}
		sameCounts(t, log, keys, aureportKeys(t, log), keyDifferences)
		sameCounts(t, log, counts(p.Types), ausearchTypes(t, log), typeDifferences)
	}
}
