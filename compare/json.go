package compare

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/auditprof/auditprof/analyze"
)

// Write writes the comparison as JSON, indented; docs/comparison.schema.json says what stands where. What a terminal would act on is escaped.
func (c *Comparison) Write(w io.Writer) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	if err := e.Encode(c); err != nil {
		return err
	}
	_, err := w.Write(analyze.EscapeUnprinted(b.Bytes()))
	return err
}
