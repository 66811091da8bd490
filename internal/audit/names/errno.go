package names

import "strings"

var errnoByName = index(errnos)

// Errno is the name of an error number, such as ENOENT for 2. The sign is the caller's: exit= logs -2.
func Errno(nr int) (string, bool) { return nameOf(errnos, nr) }

// ErrnoNumber is the number of an error name, in any case and positive, as auditctl reads it.
func ErrnoNumber(name string) (int, bool) {
	nr, ok := errnoByName()[strings.ToUpper(name)]
	return nr, ok
}
