package analyze

import "strings"

// StartedBy is the volume by what started the process that made the event: a shell is nobody's culprit, what ran it may be.
type StartedBy struct {
	Rows  []Chain `json:"rows"`
	Other Count   `json:"other"`
	Cut   uint64  `json:"cut"`
}

// Chain is the process's parents as far as the log tells: the eldest first, the last is the one that started it. Equal ones in a row are one.
// A shell or an interpreter that runs a script has the script's name behind it: "/usr/bin/bash (backup.sh)". An empty chain is a process of
// which nothing is known.
type Chain struct {
	Programs []string `json:"programs"`
	// Whole is set where the eldest is known to be the first: it was started by process 1, or by the kernel.
	Whole bool `json:"whole"`
	Count
}

// String is the chain with " > " between its programs, "..." where elder ones are not known.
func (c Chain) String() string {
	if len(c.Programs) == 0 && !c.Whole {
		return "unknown"
	}
	text := strings.Join(c.Programs, " > ")
	if !c.Whole {
		return "... > " + text
	}
	if text == "" {
		return "init"
	}
	return text
}
