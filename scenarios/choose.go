package scenarios

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// AllWord stands for every scenario that needs nothing installed.
const AllWord = "all"

// Choose finds what the words of a command line name: a scenario, one at a rate (NAME@400: 400 operations per second), a file (a word with a slash
// or with .yaml or .yml at its end, with or without a rate), or all. None are the Defaults. A scenario that is named twice is there once; two
// different ones of one name are refused, since a run tells them apart by it.
func Choose(words []string) ([]Info, error) { return choose(words, true) }

// Describe is Choose for who only looks: what is not installed is no error.
func Describe(words []string) ([]Info, error) { return choose(words, false) }

// notInstalled is the error of a scenario that is right and cannot be run here.
type notInstalled struct{ error }

// NotInstalled says what is missing on this machine for a scenario, nil where nothing is.
func NotInstalled(info Info) error { return scenario{Info: info}.missing() }

func choose(words []string, toRun bool) ([]Info, error) {
	if len(words) == 0 {
		return Defaults(), nil
	}
	var list []Info
	have := map[string]Info{}
	for _, word := range words {
		infos, err := chooseOne(word)
		if missing := new(notInstalled); errors.As(err, missing) && !toRun {
			err = nil
		}
		if err != nil {
			return nil, err
		}
		for _, i := range infos {
			if had, twice := have[i.Name]; twice && had != i {
				return nil, fmt.Errorf("two different scenarios are called %s: give one a name: field of its own", i.Name)
			} else if !twice {
				have[i.Name] = i
				list = append(list, i)
			}
		}
	}
	return list, nil
}

func chooseOne(word string) ([]Info, error) {
	if word == AllWord {
		return All(), nil
	}
	info, err := Lookup(word)
	return []Info{info}, err
}

// Lookup finds one scenario by NAME, NAME@RATE, FILE or FILE@RATE. The error lists the legal names, or what is wrong in the file.
func Lookup(word string) (Info, error) {
	base, rate, rated := cutRate(word)
	info, unfit := lookup(base)
	if missing := new(notInstalled); unfit != nil && !errors.As(unfit, missing) || !rated {
		return info, unfit
	}
	perSecond, err := strconv.ParseFloat(rate, 64)
	if err != nil || !(perSecond >= leastRate && perSecond <= maxRate) {
		return Info{}, fmt.Errorf("scenario %.80q: what is behind @ are operations per second, from %d to %.0f, as %s@400", word, leastRate, maxRate, info.Name)
	}
	if info.Batching {
		return Info{}, fmt.Errorf("scenario %.80q: %s runs at its own pace only", word, info.Name)
	}
	return info.AtRate(perSecond), unfit
}

// cutRate parts a word at its last @. What is behind one in a path is no rate.
func cutRate(word string) (base, rate string, rated bool) {
	at := strings.LastIndexByte(word, '@')
	if at < 0 || isFile(word[at+1:]) {
		return word, "", false
	}
	return word[:at], word[at+1:], true
}

func lookup(base string) (Info, error) {
	if isFile(base) {
		return ReadFile(base)
	}
	s, err := shippedScenario(base)
	if err != nil {
		return Info{}, err
	}
	return s.Info, s.missing()
}

// IsFile tells a word that names a file, with or without a rate, from one that names a scenario.
func IsFile(word string) bool {
	base, _, _ := cutRate(word)
	return isFile(base)
}

// FileOf is the path that a word names, without its rate; ok is false where the word names no file.
func FileOf(word string) (path string, ok bool) {
	base, _, _ := cutRate(word)
	return base, isFile(base)
}

func isFile(word string) bool {
	return strings.Contains(word, "/") || strings.HasSuffix(word, ".yaml") || strings.HasSuffix(word, ".yml")
}

// ReadFile reads a scenario from a file. The errors are *Error, joined, one for each place at which something is wrong.
func ReadFile(path string) (Info, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe without a writer is refused, not waited for
	if err != nil {
		return Info{}, fmt.Errorf("scenario: %w", err)
	}
	defer file.Close()
	if st, err := file.Stat(); err != nil || !st.Mode().IsRegular() {
		return Info{}, fmt.Errorf("scenario %s is no regular file", path)
	}
	text, err := io.ReadAll(io.LimitReader(file, MaxFileBytes+1))
	if err != nil {
		return Info{}, fmt.Errorf("scenario: %w", err)
	}
	return Read(path, string(text))
}

// Read is ReadFile of a text; file is what errors call it, and names the scenario where the text does not.
func Read(file, text string) (Info, error) {
	f, err := parse(file, text)
	if err != nil {
		return Info{}, err
	}
	if f.Name == CanaryName || strings.HasPrefix(f.Name, CanaryName+"-") || f.Name == AllWord || isShipped(f.Name) {
		return Info{}, &Error{File: file, What: fmt.Sprintf("name %s is taken by a scenario that ships: results of two would look like one; give another in name:", f.Name)}
	}
	s := f.scenario()
	s.Definition = text
	return s.Info, s.missing()
}

func isShipped(name string) bool {
	for _, s := range shipped {
		if s.name == name {
			return true
		}
	}
	return false
}

// missing is nil where all that the scenario needs is installed.
func (s scenario) missing() error {
	switch {
	case s.Name == pgbench.Name:
		if _, err := postgresPrograms(); err != nil {
			return notInstalled{err}
		}
	case s.Needs != "":
		if _, err := programPath(s.Needs); err != nil {
			return notInstalled{fmt.Errorf("scenario %s: %w", s.Name, err)}
		}
	}
	return nil
}

// pacedSeconds is how long a slot of a scenario at a fixed rate is.
const pacedSeconds = 2

// AtRate is the scenario in open loop: so many operations per second, each timed from when it was due. It has a name of its own, NAME@RATE, so that
// one run can hold several rates.
func (i Info) AtRate(perSecond float64) Info {
	i.Name += "@" + strconv.FormatFloat(perSecond, 'f', -1, 64)
	i.OpsPerSecond, i.Timed, i.FixedTime = perSecond, true, true
	i.PilotOps = min(i.MaxOps, max(1, uint64(pacedSeconds*perSecond)))
	return i
}

// baseName is the name without the rate.
func baseName(name string) string {
	base, _, _ := strings.Cut(name, "@")
	return base
}
