package logs

import (
	"fmt"
	"path/filepath"
)

// dropCopies leaves out packed files that lie beside what they were packed from, audit.log.1.gz beside audit.log.1: whoever packs a log
// deletes it when he is done. They are copies where their names have the same place in the set and their first records the same stamp.
func (in *Input) dropCopies() {
	var kept []*source
	for _, s := range in.sources {
		if from := in.packedFrom(s); from != nil {
			in.remark(s.name, fmt.Errorf("%w: %s, which begins alike and is not packed, is read in its place", ErrCopy, from.name))
			continue
		}
		kept = append(kept, s)
	}
	in.sources = kept
}

// packedFrom is the file that s is a packed copy of, nil where there is none.
func (in *Input) packedFrom(s *source) *source {
	if s.file == nil || s.format == Plain || !s.first.known {
		return nil
	}
	for _, o := range in.sources {
		if o.file != nil && o.format == Plain && o.age == s.age && o.first == s.first && filepath.Dir(o.name) == filepath.Dir(s.name) {
			return o
		}
	}
	return nil
}
