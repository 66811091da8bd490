package main

import (
	"context"
	"fmt"

	"github.com/auditprof/auditprof/analyze"
)

// mergeProfiles adds up profiles of many hosts and days.
func (c Command) mergeProfiles(ctx context.Context, f analyzeFlags, args []string) (*analyzed, error) {
	p := newProgress(c.Err, f.quiet)
	defer p.end()
	profile, err := analyze.MergeFiles(args, func(files int) error {
		if p.live && !f.quiet {
			p.show(fmt.Sprintf("[%d/%d] profiles", files, len(args)))
		}
		return ctx.Err()
	})
	a := &analyzed{profile: profile, logs: "1 profile", rules: "its rules"}
	if len(args) > 1 {
		a.logs, a.rules = fmt.Sprintf("%d profiles", len(args)), "their rules"
	}
	return a, err
}
