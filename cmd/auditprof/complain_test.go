package main

import (
	"bytes"
	"errors"
	"testing"
)

// A full disk is met by the slot, by the run's end and by the restore's word in it: it is one trouble.
func TestTheSameTroubleIsSaidOnce(t *testing.T) {
	full := errors.New("write result.json in the run directory run: no space left on device")
	var out bytes.Buffer
	Command{Err: &out}.complain(errors.Join(errors.New("write a slot in the run directory run: no space left on device"), full, errors.Join(full)))
	want := "auditprof: write a slot in the run directory run: no space left on device\nauditprof: write result.json in the run directory run: no space left on device\n"
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
}
