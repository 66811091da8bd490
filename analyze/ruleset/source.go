package ruleset

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// ErrNoRules: what was named holds not one rule.
var ErrNoRules = errors.New("no rule in it")

// Listing says whether a text is read as what auditctl -l prints.
type Listing uint8

const (
	ListingDetect Listing = iota // by the text, see isListing
	ListingNo                    // it is rule text
	ListingYes                   // it is a listing
)

// Source is rule text as it was read, before a target gives it a meaning.
type Source struct {
	parts []part
}

// part is one --rules.
type part struct {
	set     *rule.Set
	bad     rule.Errors
	listing bool
	dir     bool // a rules.d directory
	live    bool // a listing of a kernel itself: it leaves nothing open
	origin  Origin
}

// Open reads what --rules names, in order: files, rules.d directories, - for stdin. Bad lines are kept for Compile to report.
// It fails where something cannot be read or is no text, and with ErrNoRules where all of it together holds no rule.
func Open(paths []string, stdin io.Reader, l Listing) (*Source, error) {
	src := &Source{}
	for _, path := range paths {
		p, err := open(path, stdin, l)
		if err != nil {
			return nil, err
		}
		src.parts = append(src.parts, p)
	}
	if src.rules() == 0 {
		return nil, src.empty(paths)
	}
	return src, nil
}

// Files are the names of the rule files that were read, in order.
func (s *Source) Files() []string {
	var names []string
	for _, p := range s.parts {
		for _, f := range p.set.Files {
			names = append(names, f.Name)
		}
	}
	return names
}

func (s *Source) rules() (n int) {
	for _, p := range s.parts {
		n += len(p.set.Rules())
	}
	return n
}

// empty says why there is no rule, the first thing that is wrong included.
func (s *Source) empty(paths []string) error {
	err := fmt.Errorf("read rules from %s: %w: name a rule file, a rules.d directory or what auditctl -l printed", strings.Join(paths, ", "), ErrNoRules)
	for _, p := range s.parts {
		for _, f := range p.set.Files {
			if len(f.Lines) > 0 && f.Lines[0].Text == noRules {
				return fmt.Errorf("%w (auditctl -l says: %s)", err, noRules)
			}
		}
	}
	for _, p := range s.parts {
		if len(p.bad) > 0 {
			return fmt.Errorf("%w\n%w", err, p.bad[0])
		}
	}
	return err
}

func open(path string, stdin io.Reader, l Listing) (part, error) {
	if path == "-" {
		return read("-", stdin, l)
	}
	st, err := os.Stat(path)
	if err != nil {
		return part{}, fmt.Errorf("read rules: %w", err)
	}
	if st.IsDir() {
		p, err := keepBad(rule.ParseDir(path, os.DirFS(path)))
		p.dir = true
		return p, err
	}
	if !st.Mode().IsRegular() && st.Mode()&os.ModeNamedPipe == 0 {
		return part{}, fmt.Errorf("read rules: %s is neither a file nor a rules.d directory", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return part{}, fmt.Errorf("read rules: %w", err)
	}
	defer f.Close()
	return read(path, f, l)
}

// read reads one file. A listing is given the escapes of a rule file first: auditctl prints none.
func read(name string, r io.Reader, l Listing) (part, error) {
	raw, err := io.ReadAll(io.LimitReader(r, rule.MaxFileBytes+1))
	if err != nil {
		return part{}, fmt.Errorf("read rules from %s: %w", name, err)
	}
	text, origin := string(raw), FromFile
	if name == "-" {
		origin = FromStream
	}
	listing := l == ListingYes || l == ListingDetect && isListing(name, text)
	if listing {
		text = escapeListing(text)
		if text != string(raw) || !strings.HasSuffix(name, ".rules") {
			origin = FromKernel // else it is a rule file that is written as auditctl would
		}
	}
	p, err := keepBad(rule.ParseFile(name, strings.NewReader(text)))
	p.listing, p.origin = listing, origin
	return p, err
}

// keepBad takes the errors of single lines out of the way.
func keepBad(set *rule.Set, err error) (part, error) {
	var bad rule.Errors
	if set == nil || err != nil && !errors.As(err, &bad) {
		return part{}, err
	}
	return part{set: set, bad: bad}, nil
}
