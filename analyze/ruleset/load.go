package ruleset

import "io"

// Load is Open and Compile in one: what --rules names, as the target's kernel holds it.
func Load(paths []string, stdin io.Reader, l Listing, o Options) (*Set, error) {
	src, err := Open(paths, stdin, l)
	if err != nil {
		return nil, err
	}
	return src.Compile(o)
}
