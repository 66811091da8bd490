package scenarios

import (
	"strings"

	"github.com/auditprof/auditprof/internal/nearest"
)

// unknown says what is legal in place of a word: the nearest names where some are near, else all.
func unknown(word string, legal []string) string {
	near := nearest.Names(word, legal)
	if len(near) == 0 {
		return "it is one of " + strings.Join(legal, ", ")
	}
	return "did you mean " + strings.Join(near, " or ") + "?"
}
