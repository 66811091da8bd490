package main

import (
	"context"
	"io"

	"github.com/auditprof/auditprof/analyze/logs"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
)

// suggestText is the whole way in memory, for tests that ask what an attacker's log makes the program write: the changed rules as one text, in
// the order of the files, and the answer. rules are what --rules names. It looks at no file but those.
func suggestText(ctx context.Context, f suggestFlags, log io.Reader) (text string, a *advice.Advice, err error) {
	s, err := Command{In: log, Out: io.Discard, Err: io.Discard}.suggestFrom(ctx, f, []string{logs.Stdin})
	if err != nil {
		return "", nil, err
	}
	if s.edited == nil {
		return "", s.advice, nil
	}
	for _, file := range s.edited.Source.Text().Files {
		text += file.String()
	}
	return text, s.advice, nil
}
