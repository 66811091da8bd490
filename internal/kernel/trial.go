package kernel

import (
	"context"
	"fmt"
	"os"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// trialKey is what a rule gets to be another rule than the one it is a copy of, and than what a killed run left.
var trialKey = fmt.Sprintf("auditprof-trial-%d", os.Getpid())

// neverPersonality is a personality that no process has: the high bits are no flags of any Linux.
const neverPersonality = 0xffffffff

// tryAgain proves for each rule that it could be loaded now: a copy with one more key goes to the end of its list,
// where the rule itself, standing before it, always decides first, and is deleted again.
func tryAgain(ctx context.Context, d door, rules []rule.Wire, beat func()) error {
	for _, w := range rules {
		beat()
		if err := ctx.Err(); err != nil {
			return err
		}
		copied, ok := trialOf(w)
		if !ok {
			return fmt.Errorf("%w: %q has no room for one more key or field to try it with: shorten its key", ErrNotRestorable, Command(w))
		}
		if err := d.Add(copied); err != nil {
			return fmt.Errorf("%w: %q does not load any more (%w): delete it, or make its file or directory again", ErrNotRestorable, Command(w), err)
		}
		if err := d.Delete(copied); err != nil {
			return fmt.Errorf("take the trial of a rule away: %w", err)
		}
	}
	return nil
}

// trialOf is a rule that the kernel takes exactly when it would take w, and that is not w. It reports false where w has
// no room for what tells them apart.
//
// A dir= gets one more slash in front: for a path that is watched already the kernel does not look the directory up
// again (kernel/audit_tree.c: audit_add_tree_rule compares the text), so a directory that was renamed would pass.
func trialOf(w rule.Wire) (rule.Wire, bool) {
	copied, ok := w.WithExtraKey(trialKey)
	if !ok {
		copied, ok = w.WithField(rule.FieldPers, rule.OpEqual, neverPersonality)
	}
	if !ok {
		return w, false
	}
	for i, f := range copied.Fields {
		if f.Type == rule.FieldDir {
			copied.Fields[i].Str = "/" + f.Str
			copied.Fields[i].Value = uint32(len(copied.Fields[i].Str))
		}
	}
	return copied, true
}
