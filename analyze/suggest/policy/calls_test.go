package policy

import (
	"strings"
	"testing"
)

// classOf is filled from a map, in any order: a call in two lists would be graded now so and now so.
func TestCallsAreOfOneClass(t *testing.T) {
	seen := map[string]class{}
	for c, list := range classCalls {
		for _, name := range strings.Fields(list) {
			if other, twice := seen[name]; twice {
				t.Errorf("%s is in the lists of the classes %d and %d", name, other, c)
			}
			seen[name] = c
		}
	}
}
