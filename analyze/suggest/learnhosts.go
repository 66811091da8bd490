package suggest

import "strings"

// hostTable numbers the hosts of a log. Those beyond maxHosts, and those with names that no host has, share number 0.
type hostTable struct {
	rows map[string]*hostRow
	last *hostRow
	rest hostRow
}

const (
	maxHosts    = 1024
	maxHostName = 255 // bytes: a domain name has no more (RFC 1035)
)

type hostRow struct {
	name   string
	id     uint32
	moment int64 // events after this second are tested
}

// of is the row of a host. It is valid until the next call.
func (t *hostTable) of(node string, s *Split) *hostRow {
	if t.last != nil && node == t.last.name {
		return t.last
	}
	row, ok := t.rows[node]
	switch {
	case ok:
	case len(t.rows) >= maxHosts, len(node) > maxHostName:
		t.rest.moment = s.moment(node)
		return &t.rest
	default:
		if t.rows == nil {
			t.rows = map[string]*hostRow{}
		}
		row = &hostRow{name: strings.Clone(node), id: uint32(len(t.rows) + 1), moment: s.moment(node)}
		t.rows[row.name] = row
	}
	t.last = row
	return row
}
