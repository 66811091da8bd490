package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/text"
)

// reported is what report was given: one of both is set.
type reported struct {
	run     *runReport
	profile *profileReport
}

// readReported reads a run directory, or files that hold profiles, or the result.json of a run.
func readReported(args []string) (reported, error) {
	for _, arg := range args {
		st, err := os.Stat(arg)
		if err != nil {
			return reported{}, usageError{fmt.Errorf("%w: give the directory that bench wrote, or profiles that analyze --profile wrote", err)}
		}
		if st.IsDir() && len(args) > 1 {
			return reported{}, usageError{fmt.Errorf("%s is a run directory: one run is reported at a time", arg)}
		}
		if st.IsDir() {
			r, err := readRunDir(arg)
			return reported{run: r}, err
		}
	}
	if len(args) == 1 {
		if r, err := readRunFile(args[0]); r != nil || err != nil {
			return reported{run: r}, err
		}
	}
	p, err := analyze.MergeFiles(args, func(int) error { return nil })
	if err != nil {
		return reported{}, usageError{err}
	}
	r := &profileReport{profile: p, text: text.ProfileOptions{Logs: "1 profile", Rules: "its rules"}}
	if len(args) > 1 {
		r.text.Logs, r.text.Rules = fmt.Sprintf("%d profiles", len(args)), "their rules"
	}
	return reported{profile: r}, nil
}

// readRunDir reads a run. Where a part of it is missing or broken, the other part is reported, and a remark names what is not.
func readRunDir(dir string) (*runReport, error) {
	run, slots, err := result.Read(dir)
	if err == nil {
		return &runReport{run: run, slots: slots, text: text.Options{OutDir: dir}, remarks: withoutSlots(dir)}, nil
	}
	data, _ := readBounded(filepath.Join(dir, result.RunFile), maxRunFile)
	if schema := schemaOf(data); schema != "" && schema != result.Schema {
		return nil, usageError{err}
	}
	if run, alone := result.DecodeRun(data); alone == nil {
		return &runReport{run: run, remarks: []string{fmt.Sprintf("%v: the report is without slots", err)}}, nil
	}
	if slots == nil {
		slots = slotsOf(dir)
	}
	if len(slots) == 0 {
		return nil, usageError{err}
	}
	remark := fmt.Sprintf("%v: what follows are medians of the %d slots, without rules, shares and verdicts", err, len(slots))
	return &runReport{run: runOfSlots(slots), slots: slots, remarks: []string{remark}}, nil
}

// withoutSlots says that a run that is whole otherwise has lost its slots: what they tell over time is then not in the report.
func withoutSlots(dir string) []string {
	st, err := os.Stat(filepath.Join(dir, result.SlotsFile))
	if err == nil && st.Size() > 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s is missing or empty: the report is without slots", dir, result.SlotsFile)}
}

// slotsOf are the slots of a run whose result cannot be read, none where they cannot be read either.
func slotsOf(dir string) []result.Slot {
	data, err := readBounded(filepath.Join(dir, result.SlotsFile), maxSlotsFile)
	if err != nil {
		return nil
	}
	slots, _, err := result.DecodeSlots(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return slots
}

// What result.DecodeRun and result.DecodeSlots take.
const (
	maxRunFile   = 32 << 20
	maxSlotsFile = 256 << 20
)

// readRunFile reads a result.json that lies alone. nil without an error: the file is something else, or it says of itself that it is.
func readRunFile(path string) (*runReport, error) {
	data, err := readBounded(path, maxRunFile)
	if err != nil {
		return nil, usageError{err}
	}
	if !strings.HasPrefix(schemaOf(data), runFamily) {
		return nil, nil
	}
	run, err := result.DecodeRun(data)
	if err != nil {
		return nil, usageError{fmt.Errorf("%s: %w", path, err)}
	}
	return &runReport{run: run, remarks: []string{"the slots of the run are not shown: give its directory to have them too"}}, nil
}

// Families of schemas: what is before the version.
const (
	runFamily        = "auditprof/run/"
	suggestionFamily = "auditprof/suggestion/"
)

// schemaOf is what a file says of its own form, "" where it says nothing.
func schemaOf(data []byte) string {
	var head struct {
		Schema string `json:"schema"`
	}
	if json.Unmarshal(data, &head) != nil {
		return ""
	}
	return head.Schema
}

// readAdvice reads the answer of suggest-exclusions --format json; nil where no file is named.
func readAdvice(path string) (*advice.Advice, error) {
	if path == "" {
		return nil, nil
	}
	data, err := readBounded(path, maxRunFile)
	if err != nil {
		return nil, usageError{fmt.Errorf("--suggestion: %w", err)}
	}
	switch schema := schemaOf(data); {
	case !strings.HasPrefix(schema, suggestionFamily):
		return nil, usageError{fmt.Errorf("--suggestion %s: it is no answer of suggest-exclusions: give what --format json wrote", path)}
	case schema != advice.Schema:
		return nil, usageError{fmt.Errorf("--suggestion %s: it has schema %.40q, this auditprof reads %q: use the version that wrote it", path, schema, advice.Schema)}
	}
	a := &advice.Advice{}
	if err := json.Unmarshal(data, a); err != nil {
		return nil, usageError{fmt.Errorf("--suggestion %s: it does not fit its schema: %w", path, err)}
	}
	return a, nil
}

// readBounded reads a file that may come from anywhere: no pipe is waited for, nothing is read without end.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil, errors.Join(err, fmt.Errorf("%s is no regular file", path))
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s is larger than %d MiB: auditprof never writes that", path, limit>>20)
	}
	return data, nil
}
