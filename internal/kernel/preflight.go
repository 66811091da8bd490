package kernel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// HostFacts are what a Preflight must know of the host besides its auditd.conf.
type HostFacts struct {
	FreeBytes  int64 // that the log's file system has for users: f_bavail × f_bsize, which auditd looks at
	TotalBytes int64 // of the log's file system: f_blocks × f_bsize
	BlockBytes int64 // f_bsize
	LogBytes   int64 // the present log
	// Rotated are the numbers N of the log_file.N that exist.
	Rotated []int
	// Oldest is the time of the oldest record in them, the zero time where it cannot be told.
	Oldest time.Time
	// Plugins are active and may fall behind.
	Plugins []string
}

// Finding is one action of the host's auditd that a run would set off.
type Finding struct {
	Setting string // as auditd.conf has it: "space_left = 75"
	Action  string // HALT, SINGLE, EXEC, SUSPEND, ROTATE, KEEP_LOGS, EMAIL, SYSLOG or IGNORE
	// RoomBytes is how much the log may still grow before that action; below 0 it is past that already.
	RoomBytes     int64
	ExpectedBytes int64
	Text          string // what happens, one sentence with the numbers
	Cure          string
}

// String is the finding on one line.
func (f Finding) String() string { return f.Text + ": " + f.Cure }

const mebibyte = 1 << 20

// Numbers of auditd.conf with more bits are refused, so that no product overflows: a pebibyte of log, 1023 logs (auditd
// takes 999).
const (
	sizeBits = 30
	logsBits = 10
)

// Preflight lists the actions of an auditd with these lines of auditd.conf that expectedBytes more in its log would set
// off; none where all fit. A rotation that deletes nothing older than the run is none: Log follows it. The rules are those
// of audit-userspace src/auditd-event.c: check_log_file_size, check_space_left, rotate_logs, the same in 3.0 and 4.1, and
// of auditd.conf(5). A limit that is reached exactly counts.
func Preflight(conf []string, f HostFacts, expectedBytes int64) []Finding {
	p := preflight{conf: auditdConf{lines: conf}, facts: f, expected: expectedBytes}
	p.space("space_left")
	p.space("admin_space_left")
	p.diskFull()
	p.logSize()
	p.overflow()
	return p.findings
}

type preflight struct {
	conf     auditdConf
	facts    HostFacts
	expected int64
	findings []Finding
}

// add keeps a finding where the room is not enough. what says what the action does.
func (p *preflight) add(f Finding, what string) {
	if p.expected < f.RoomBytes {
		return
	}
	f.ExpectedBytes = p.expected
	f.Text = fmt.Sprintf("auditd.conf has %s, so auditd %s after %s more of log, and the run is expected to write %s",
		f.Setting, what, mib(f.RoomBytes), mib(p.expected))
	if f.RoomBytes < 0 {
		f.Text = fmt.Sprintf("auditd.conf has %s, and the host is past that by %s already: auditd %s", f.Setting, mib(-f.RoomBytes), what)
	}
	p.findings = append(p.findings, f)
}

// action is the word of an action and the program that EXEC names, both cut to what fits a sentence.
func (p *preflight) action(name string) (word, program string) {
	word, program, _ = strings.Cut(p.conf.get(name, "IGNORE"), " ")
	return strings.ToUpper(fmt.Sprintf("%.40s", word)), fmt.Sprintf("%.200s", strings.TrimSpace(program))
}

// does says an action in words.
func does(word, program string) string {
	switch word {
	case "HALT":
		return "shuts this machine down (HALT)"
	case "SINGLE":
		return "takes this machine to single user mode (SINGLE)"
	case "EXEC":
		return "stops logging and runs " + program + " (EXEC)"
	case "SUSPEND":
		return "stops logging (SUSPEND)"
	case "ROTATE":
		return "rotates the log again and again and deletes the oldest one each time (ROTATE)"
	case "KEEP_LOGS":
		return "begins another log at every record (KEEP_LOGS)"
	case "EMAIL":
		return "mails a warning (EMAIL)"
	case "SYSLOG":
		return "warns in syslog (SYSLOG)"
	}
	return fmt.Sprintf("does what auditprof does not know (%.40q)", word)
}

// space is space_left or admin_space_left: MiB, or percent of the file system.
func (p *preflight) space(name string) {
	value := firstWord(p.conf.get(name, "0"))
	word, program := p.action(name + "_action")
	limit, ok := spaceLimit(value, p.facts.TotalBytes)
	if word == "IGNORE" && ok {
		return
	}
	f := Finding{Setting: fmt.Sprintf("%s = %.40s and %s_action = %.80s", name, value, name, p.conf.get(name+"_action", "IGNORE")),
		Action: word, RoomBytes: p.facts.FreeBytes - limit, Cure: p.freeCure(limit)}
	if !ok {
		p.unreadable(f)
		return
	}
	p.add(f, does(word, program))
}

// spaceLimit is "75" or "5%" in bytes.
func spaceLimit(value string, total int64) (int64, bool) {
	number, percent := strings.CutSuffix(value, "%")
	n, err := strconv.ParseUint(number, 10, sizeBits)
	if err != nil || percent && n > 99 {
		return 0, false
	}
	if percent {
		return total / 100 * int64(n), true
	}
	return int64(n) * mebibyte, true
}

func (p *preflight) freeCure(limit int64) string {
	return fmt.Sprintf("free %s on the log's file system, or measure less (--quick, fewer rounds or scenarios)",
		mib(p.expected+limit-p.facts.FreeBytes+mebibyte))
}

// diskFull is the file system's end: auditd leaves its last five blocks (check_space_left).
func (p *preflight) diskFull() {
	word, program := p.action("disk_full_action")
	what := does(word, program)
	if word == "IGNORE" || word == "SYSLOG" {
		what = "loses records (" + word + ")"
	}
	limit := 5 * p.facts.BlockBytes
	p.add(Finding{Setting: fmt.Sprintf("disk_full_action = %.80s", p.conf.get("disk_full_action", "IGNORE")), Action: word,
		RoomBytes: p.facts.FreeBytes - limit, Cure: p.freeCure(limit)}, what)
}

// logSize is max_log_file with its action.
func (p *preflight) logSize() {
	value := firstWord(p.conf.get("max_log_file", "0"))
	word, program := p.action("max_log_file_action")
	logs, logsErr := strconv.ParseUint(firstWord(p.conf.get("num_logs", "0")), 10, logsBits)
	n, err := strconv.ParseUint(value, 10, sizeBits)
	switch {
	case word == "IGNORE", word == "ROTATE" && logsErr == nil && logs < 2: // with fewer than two logs nothing is rotated
		return
	case word == "KEEP_LOGS" && err == nil && n > 0: // they pile up until the disk is full, which is another limit
		return
	}
	size := int64(n) * mebibyte
	f := Finding{Setting: fmt.Sprintf("max_log_file = %.40s and max_log_file_action = %.80s", value, p.conf.get("max_log_file_action", "IGNORE")),
		Action: word, RoomBytes: size - p.facts.LogBytes,
		Cure: fmt.Sprintf("set max_log_file = %d for the run and reload auditd (service auditd reload), or measure less (--quick, fewer rounds or scenarios)",
			(p.facts.LogBytes+p.expected)/mebibyte+1)}
	switch {
	case err != nil, logsErr != nil && word == "ROTATE":
		p.unreadable(f)
	case word == "ROTATE":
		p.rotation(f, size, int(logs))
	default:
		p.add(f, does(word, program))
	}
}

// rotation is when records older than the run are lost: each rotation moves log_file.N one further, and overwrites the last
// of num_logs files. What is there now is all older than the run.
func (p *preflight) rotation(f Finding, size int64, logs int) {
	last := 0
	for _, n := range p.facts.Rotated {
		if n < logs { // what lies beyond is not touched
			last = max(last, n)
		}
	}
	f.Setting += fmt.Sprintf(" with num_logs = %d", logs)
	f.RoomBytes += int64(logs-1-last) * size
	rotations := (p.facts.LogBytes+p.expected)/max(size, 1) + 1
	f.Cure = fmt.Sprintf("set num_logs = %d for the run and reload auditd (service auditd reload), or measure less (--quick, fewer rounds or scenarios)", int64(last)+rotations+1)
	if size == 0 || int64(last)+rotations >= 999 { // auditd takes no more
		f.Cure = "set max_log_file higher for the run and reload auditd (service auditd reload), or measure less (--quick, fewer rounds or scenarios)"
	}
	what := "deletes the oldest log in a rotation (ROTATE)"
	if last > 0 && last == slices.Max(p.facts.Rotated) && !p.facts.Oldest.IsZero() {
		what = fmt.Sprintf("deletes the oldest log in a rotation, with records from %s on (ROTATE)", p.facts.Oldest.UTC().Format(time.RFC3339))
	}
	p.add(f, what)
}

// overflow is what auditd does when its plugins fall behind, which a run's bursts make likely.
func (p *preflight) overflow() {
	word, _ := p.action("overflow_action")
	if len(p.facts.Plugins) == 0 || !slices.Contains([]string{"SUSPEND", "SINGLE", "HALT"}, word) {
		return
	}
	depth := firstWord(p.conf.get("q_depth", "2000"))
	what := does(word, "")
	if word == "SUSPEND" {
		what = "sends its plugins nothing more (SUSPEND)"
	}
	p.findings = append(p.findings, Finding{Setting: "overflow_action = " + word, Action: word, ExpectedBytes: p.expected,
		Text: fmt.Sprintf("auditd.conf has overflow_action = %s and q_depth = %.20s, so auditd %s when a plugin (%s) falls that many events behind, which a run makes likely",
			word, depth, what, strings.Join(p.facts.Plugins, ", ")),
		Cure: "set overflow_action = SYSLOG, or make the plugins inactive, for the run and reload auditd (service auditd reload)"})
}

// unreadable is a limit that nobody can compare with.
func (p *preflight) unreadable(f Finding) {
	f.RoomBytes, f.ExpectedBytes = 0, p.expected
	f.Text = fmt.Sprintf("auditd.conf has %s, which says no limit that auditprof can read", f.Setting)
	f.Cure = "write it as auditd.conf(5) says and reload auditd (service auditd reload)"
	p.findings = append(p.findings, f)
}

// mib is a size in auditd's own unit.
func mib(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/mebibyte) }
