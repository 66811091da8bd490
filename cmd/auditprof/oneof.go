package main

import (
	"strings"

	"github.com/auditprof/auditprof/internal/nearest"
)

// oneOf ends an error about a word of the command line that is none of the legal ones: all of them, and those that it may have been meant for.
func oneOf(word string, legal []string) string {
	text := "one of " + strings.Join(legal, ", ")
	if near := nearest.Names(word, legal); word != "" && len(near) > 0 {
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return text
}
