package analyze

import "cmp"

// Count is a volume. Events of something that is a part of an event (a record type, one of several keys) are the events that have it.
type Count struct {
	Events  uint64 `json:"events"`
	Records uint64 `json:"records"`
	Bytes   uint64 `json:"bytes"` // of the lines, newlines included
}

func (c *Count) add(n Count) {
	c.Events, c.Records, c.Bytes = c.Events+n.Events, c.Records+n.Records, c.Bytes+n.Bytes
}

// IsZero tells whether nothing was counted.
func (c Count) IsZero() bool { return c == Count{} }

// heavier sorts the larger volume first: by bytes, then events, then records.
func heavier(a, b Count) int {
	switch {
	case a.Bytes != b.Bytes:
		return cmp.Compare(b.Bytes, a.Bytes)
	case a.Events != b.Events:
		return cmp.Compare(b.Events, a.Events)
	}
	return cmp.Compare(b.Records, a.Records)
}
