package main

import (
	"bytes"

	"github.com/auditprof/auditprof/analyze/snapshot"
)

// hostFacts is a snapshot of this machine for a run directory: what the paths are, who may change them, and who the users are.
func hostFacts(paths, users []string) ([]byte, error) {
	s, _ := snapshot.Take(snapshot.Wanted{Paths: paths, Users: users, Files: paths}) // what cannot be seen is left out, and open to whoever reads it
	var b bytes.Buffer
	err := s.Encode(&b)
	return b.Bytes(), err
}
