package match

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is a version of the kernel. The zero Version is not known, which stands for the newest.
type Version struct{ Major, Minor, Patch int }

// ParseVersion reads what uname -r or the kernel= of DAEMON_START says: "6.18.44-cloud", "5.14.0-503.el9", "5.14". What follows the
// numbers says nothing of what a vendor has put back into it.
func ParseVersion(text string) (Version, error) {
	var parts [3]int
	rest := text
	for i := range parts {
		n := 0
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		number, err := strconv.Atoi(rest[:n])
		if err != nil || number > 999_999 {
			if i == 2 {
				break // "6.1.x"
			}
			return Version{}, fmt.Errorf("kernel version %q: want numbers such as 5.14 or 6.18.44", text)
		}
		parts[i] = number
		rest = rest[n:]
		if !strings.HasPrefix(rest, ".") {
			if i == 0 {
				return Version{}, fmt.Errorf("kernel version %q: want numbers such as 5.14 or 6.18.44", text)
			}
			break
		}
		rest = rest[1:]
	}
	return Version{parts[0], parts[1], parts[2]}, nil
}

// IsZero tells whether the version is not known.
func (v Version) IsZero() bool { return v == Version{} }

// Less tells whether v is older than o. Ask IsZero first.
func (v Version) Less(o Version) bool {
	if v.Major != o.Major {
		return v.Major < o.Major
	}
	if v.Minor != o.Minor {
		return v.Minor < o.Minor
	}
	return v.Patch < o.Patch
}

// String is the version as uname prints it, without what a vendor adds.
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }
