package gate

import (
	"strings"

	near "github.com/auditprof/auditprof/internal/nearest"
)

// nearest are the names that name may have been meant for, as an end of an error: ", did you mean a or b?".
func nearest(name string, names []string) string {
	words := near.Names(name, names)
	if len(words) == 0 {
		return ""
	}
	for i, w := range words {
		words[i] = quote(w)
	}
	return ", did you mean " + strings.Join(words, " or ") + "?"
}
