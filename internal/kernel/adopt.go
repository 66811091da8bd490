package kernel

import "fmt"

// Adopt makes another state the one to restore: what was found, with a change on top that somebody else made meanwhile and that is not ours
// to undo. It is in the journal before it returns, so the guard restores it too. Enabled and features stay as found.
func (l *Lease) Adopt(s State) error {
	s.Enabled, s.Features = l.found.Enabled, l.found.Features
	found, err := encodeState(s)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	if err := l.changeJournal(func(j *journal) { j.Found = found }); err != nil {
		return err
	}
	l.found = s
	return nil
}
