package markdown

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/text"
)

// comparisonColumns is the width of a comment on GitHub, in signs of a code block.
const comparisonColumns = 110

// WriteComparison writes what changed as the terminal has it, in a code block: nothing is markup there, and its columns stand.
func WriteComparison(w io.Writer, c *compare.Comparison, options text.ComparisonOptions) error {
	options.Width, options.Color = comparisonColumns, false
	var plain bytes.Buffer
	if err := text.WriteComparison(&plain, c, options); err != nil {
		return err
	}
	said := strings.TrimRight(plain.String(), "\n")
	fence := strings.Repeat("`", max(3, longestRun(said)+1))
	d := &document{}
	d.add("### auditprof compare\n\n" + fence + "text")
	for line := range strings.SplitSeq(said, "\n") {
		if d.left > 0 || !d.fits(line+fence) {
			d.left++ // a gap within the block would not be seen
			continue
		}
		d.add(line)
	}
	d.b.WriteString(fence + "\n")
	left := d.left
	if d.left = 0; left > 0 {
		fmt.Fprintf(&d.b, "\n%d more lines have no room in a comment: auditprof compare has all of them.\n", left)
	}
	return d.print(w)
}
