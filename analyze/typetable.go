package analyze

import "github.com/auditprof/auditprof/internal/audit/names"

// otherSlot is the place of record types that had no room, in a cell; in the typeTable itself all have.
const otherSlot uint16 = 0

// typeTable counts by record type. Types are 16 bits wide, so all of them have room.
type typeTable struct {
	slots [names.MaxRecordType + 1]uint16
	rows  []typeRow
}

type typeRow struct {
	typ   uint16
	event uint64 // the last one counted
	Count
}

func newTypeTable() *typeTable { return &typeTable{rows: []typeRow{{}}} }

// slot is the place of a type in rows. The last of 65,536 types would share the place of otherSlot: nobody writes them all.
func (t *typeTable) slot(typ uint16) uint16 {
	slot := t.slots[typ]
	if slot == otherSlot && len(t.rows) <= names.MaxRecordType {
		slot = uint16(len(t.rows))
		t.rows = append(t.rows, typeRow{typ: typ})
		t.slots[typ] = slot
	}
	return slot
}

func (t *typeTable) add(slot uint16, event, bytes uint64) {
	row := &t.rows[slot]
	if row.event != event {
		row.event = event
		row.Events++
	}
	row.Records++
	row.Bytes += bytes
}

// name is the type as auditd writes it.
func (t *typeTable) name(slot uint16) string {
	switch typ := t.rows[slot].typ; {
	case slot == otherSlot:
		return Other
	case typ == 0:
		return "(unknown type)"
	default:
		return names.RecordType(int(typ))
	}
}

func (t *typeTable) table() Table {
	out := Table{Rows: []Named{}, Other: t.rows[otherSlot].Count}
	for slot := 1; slot < len(t.rows); slot++ {
		out.Rows = append(out.Rows, Named{t.name(uint16(slot)), t.rows[slot].Count})
	}
	out.tidy()
	return out
}
