package bench

import "slices"

// Drop takes one rule out of what is loaded, and remembers that for Check.
func (k *liveKernel) Drop(i int) error {
	if err := k.Check(); err != nil {
		return err
	}
	if err := k.lease.Drop(k.rules[i]); err != nil {
		return err
	}
	k.rules = slices.Delete(slices.Clone(k.rules), i, i+1)
	return nil
}
