package suggest

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// maybes counts undecided events by the rules that may have recorded them.
type maybes struct {
	rows map[string]*Maybe
	rest Maybe
	buf  []byte
}

const maxMaybes = 1000

func (m *maybes) add(rules []int, tested bool, v Volume) {
	m.buf = m.buf[:0]
	for _, r := range rules {
		m.buf = binary.LittleEndian.AppendUint32(m.buf, uint32(r))
	}
	row, ok := m.rows[string(m.buf)]
	switch {
	case ok:
	case len(m.rows) >= maxMaybes:
		row = &m.rest
	default:
		if m.rows == nil {
			m.rows = map[string]*Maybe{}
		}
		row = &Maybe{Rules: slices.Clone(rules)}
		m.rows[string(m.buf)] = row
	}
	row.add(tested, v)
}

// list is all of them, heaviest first.
func (m *maybes) list() []Maybe {
	list := make([]Maybe, 0, len(m.rows)+1)
	for _, row := range m.rows {
		list = append(list, *row)
	}
	slices.SortFunc(list, func(a, b Maybe) int {
		if c := cmp.Compare(b.bytes(), a.bytes()); c != 0 {
			return c
		}
		return slices.Compare(a.Rules, b.Rules)
	})
	if m.rest.Parts != (Parts{}) {
		list = append(list, m.rest)
	}
	return list
}
