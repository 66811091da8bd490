package kernel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

const (
	journalVersion = 1
	// maxJournal bounds what is read back: room for about 90,000 rules of 1,400 bytes.
	maxJournal = 128 << 20
	bootIDPath = "/proc/sys/kernel/random/boot_id"
)

// journal is what a restore needs to know when nobody who knew it is left. It is on disk, synced, before the first
// change, and removed after the last comparison.
type journal struct {
	Version int     `json:"version"`
	BootID  string  `json:"boot_id"` // of another boot: the reboot has restored
	Owner   process `json:"owner"`
	// Found is the state to put back: savedState, encoded once, since the journal is rewritten for every workload.
	Found json.RawMessage `json:"found"`
	// RCUExpedited is the text of /sys/kernel/rcu_expedited, "" where there is none.
	RCUExpedited string      `json:"rcu_expedited"`
	Files        []savedFile `json:"files"`
	Tracked      []process   `json:"tracked"`
	// Token is in the environment of what Lease.Start started: it tells a child that was not tracked yet when its parent
	// was killed.
	Token string `json:"token"`
	// AuditdDirs are the configuration directories of our own auditds: a process with one of them in its command line
	// is ours though it was not tracked yet.
	AuditdDirs []string `json:"auditd_dirs"`
	// HostAuditd is the host's own auditd, which a restore leaves alone; the zero process where none ran.
	HostAuditd process `json:"host_auditd"`
	// Scratch is what the owner makes on disk while it works.
	Scratch []scratch `json:"scratch"`
	// Cgroups are those that the owner makes: a restore ends what is in them, and them.
	Cgroups []string `json:"cgroups,omitempty"`
}

// savedState is State with the rules in the kernel's binary form, which JSON carries as base64.
type savedState struct {
	Rules           [][]byte `json:"rules"`
	Enabled         uint32   `json:"enabled"`
	Failure         uint32   `json:"failure"`
	RateLimit       uint32   `json:"rate_limit"`
	BacklogLimit    uint32   `json:"backlog_limit"`
	BacklogWaitTime uint32   `json:"backlog_wait_time"`
	Features        Features `json:"features"`
}

func encodeState(s State) (json.RawMessage, error) {
	saved := savedState{Enabled: s.Enabled, Failure: s.Failure, RateLimit: s.RateLimit, BacklogLimit: s.BacklogLimit,
		BacklogWaitTime: s.BacklogWaitTime, Features: s.Features}
	for _, w := range s.Rules {
		saved.Rules = append(saved.Rules, w.Encode())
	}
	return json.Marshal(saved)
}

func (j journal) state() (State, error) {
	var saved savedState
	if err := json.Unmarshal(j.Found, &saved); err != nil {
		return State{}, fmt.Errorf("%w: found state: %w", ErrJournal, err)
	}
	s := State{Enabled: saved.Enabled, Failure: saved.Failure, RateLimit: saved.RateLimit,
		BacklogLimit: saved.BacklogLimit, BacklogWaitTime: saved.BacklogWaitTime, Features: saved.Features}
	if s.Enabled > EnabledOn {
		return State{}, fmt.Errorf("%w: found state has enabled %d", ErrJournal, s.Enabled)
	}
	for i, b := range saved.Rules {
		w, err := rule.DecodeWire(b)
		if err != nil {
			return State{}, fmt.Errorf("%w: rule %d: %w", ErrJournal, i+1, err)
		}
		s.Rules = append(s.Rules, w)
	}
	return s, nil
}

func journalPath(dir string) string { return filepath.Join(dir, "journal.json") }

// write puts the journal on disk whole or not at all: new file, sync, rename, sync of the directory.
func (j journal) write(dir string) error {
	b, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	if len(b) > maxJournal {
		return fmt.Errorf("write journal: %d bytes for the rules now loaded, the limit is %d: unload some first", len(b), maxJournal)
	}
	tmp := journalPath(dir) + ".new"
	if err := writeSynced(tmp, b); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	if err := os.Rename(tmp, journalPath(dir)); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return syncDir(dir)
}

func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}

func removeJournal(dir string) error {
	if err := os.Remove(journalPath(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove journal: %w", err)
	}
	return syncDir(dir)
}

// readJournal reads the journal of an earlier lease. errNoJournal: there is none. errOtherBoot: there is nothing to
// restore. ErrJournal: it is not ours to guess.
func readJournal(dir string) (journal, error) {
	f, err := os.OpenFile(journalPath(dir), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return journal{}, errNoJournal
	}
	if err != nil {
		return journal{}, fmt.Errorf("open journal: %w", err)
	}
	defer f.Close()
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return journal{}, fmt.Errorf("look at the journal: %w", err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || int(st.Uid) != os.Geteuid() || st.Mode&0o077 != 0 {
		return journal{}, fmt.Errorf("%w: %s is not a file of uid %d with mode 0600", ErrJournal, f.Name(), os.Geteuid())
	}
	b, err := io.ReadAll(io.LimitReader(f, maxJournal+1))
	if err != nil {
		return journal{}, fmt.Errorf("read journal: %w", err)
	}
	boot, err := bootID()
	if err != nil {
		return journal{}, err
	}
	return parseJournal(b, boot)
}

// errNoJournal is a reason of its own: a rule that does not load for want of its directory is fs.ErrNotExist too.
var (
	errNoJournal = errors.New("there is no journal")
	errOtherBoot = errors.New("the journal is of another boot")
)

// parseJournal reads a journal's text. Boot and version are looked at before anything else is believed.
func parseJournal(b []byte, boot string) (journal, error) {
	cure := "compare auditctl -s and auditctl -l with what you expect, put it right, then remove the journal"
	var head struct {
		Version int    `json:"version"`
		BootID  string `json:"boot_id"`
	}
	if len(b) > maxJournal {
		return journal{}, fmt.Errorf("%w: longer than %d bytes: %s", ErrJournal, maxJournal, cure)
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return journal{}, fmt.Errorf("%w: %w: %s", ErrJournal, err, cure)
	}
	if head.BootID != boot {
		return journal{}, errOtherBoot
	}
	if head.Version != journalVersion {
		return journal{}, fmt.Errorf("%w: its version is %d, this program's is %d: run auditprof restore with the version that wrote it, or %s",
			ErrJournal, head.Version, journalVersion, cure)
	}
	var j journal
	if err := json.Unmarshal(b, &j); err != nil {
		return journal{}, fmt.Errorf("%w: %w: %s", ErrJournal, err, cure)
	}
	return j, nil
}

func bootID() (string, error) {
	b, err := os.ReadFile(bootIDPath)
	if err != nil {
		return "", fmt.Errorf("read the boot id: %w", err)
	}
	return string(bytes.TrimSpace(b)), nil
}
