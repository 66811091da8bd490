package record

import (
	"bytes"
	"strconv"
)

// field numbers the fields of a journal entry that matter here.
const (
	fieldMessage = iota
	fieldTransport
	fieldType
	fieldID
	fieldTime
	fieldHost
	fieldUID
	fieldCount
)

// fieldNames: systemd.journal-fields(7); src/journal/journald-audit.c:process_audit_string writes _AUDIT_TYPE, _AUDIT_ID, a MESSAGE of the
// type's name and the record's fields, and _SOURCE_REALTIME_TIMESTAMP from the stamp, in microseconds.
var fieldNames = [fieldCount]string{
	fieldMessage:   "MESSAGE",
	fieldTransport: "_TRANSPORT",
	fieldType:      "_AUDIT_TYPE",
	fieldID:        "_AUDIT_ID",
	fieldTime:      "_SOURCE_REALTIME_TIMESTAMP",
	fieldHost:      "_HOSTNAME",
	fieldUID:       "_UID",
}

// fieldNumber is the number of a field by its name, -1 where it does not matter.
func fieldNumber(name []byte) int {
	for n := range fieldNames {
		if string(name) == fieldNames[n] {
			return n
		}
	}
	return -1
}

// entry is one entry of a journal: the fields that matter, empty where missing. A value is cut to MaxLineBytes+1.
type entry [fieldCount][]byte

func (e *entry) reset() {
	for n := range e {
		e[n] = e[n][:0]
	}
}

// fromJSON takes the fields of journalctl -o json: strings, or lists of byte values where a string is not UTF-8
// (src/shared/logs-show.c). What is longer than 4096 bytes is null there, unless --all was given.
func (e *entry) fromJSON(j *jsonLine, line []byte) {
	e.reset()
	for n, c := range j.fields {
		if !c.list {
			e[n] = appendUnescaped(e[n], c.of(line))
			continue
		}
		for number := range bytes.FieldsFuncSeq(c.of(line), func(r rune) bool { return r < '0' || r > '9' }) {
			if b, ok := parseUint(number, 10); ok && b < 256 {
				e[n] = append(e[n], byte(b))
			}
		}
	}
}

// giveEntry makes the current record that of the entry, which took length bytes. raw is shown where it is none.
func (r *Reader) giveEntry(raw []byte, length int64) {
	why := r.parseEntry()
	r.rec.Length = length
	if why != Good {
		r.form = Plain
		r.reject(raw, why)
		return
	}
	r.form = Journal
	r.nameNode(r.entry[fieldHost])
}

// parseEntry makes the current record that of the entry, or says why it is none.
func (r *Reader) parseEntry() Bad {
	e := &r.entry
	if string(e[fieldTransport]) == "audit" || len(e[fieldID]) > 0 {
		return r.parseAuditEntry()
	}
	if !r.parseMessage(e[fieldMessage]) {
		if tag := e[fieldTransport]; isLossMessage(tag, e[fieldMessage]) {
			return KernelLoss
		}
		return Other
	}
	switch uid := string(e[fieldUID]); {
	case string(e[fieldTransport]) != "kernel" && uid != "" && uid != "0":
		return NotRoot
	case r.audited:
		return Twice
	}
	return Good
}

// parseAuditEntry puts together what journald took apart.
func (r *Reader) parseAuditEntry() Bad {
	e := &r.entry
	word, body, _ := bytes.Cut(e[fieldMessage], []byte(" "))
	if len(word) == 0 {
		return BadJournal
	}
	number, ok := parseUint(e[fieldType], 10)
	if !ok {
		number = uint64(typeNumber(word))
	}
	micro, okTime := parseUint(e[fieldTime], 10)
	if len(e[fieldID]) == 0 || !okTime || number == 0 || number > 1<<16-1 {
		return NoSerial
	}
	b := append(r.built[:0], typePrefix...)
	b = appendType(b, int(number))
	b = append(append(b, msgPrefix...), stampOpen...)
	b = strconv.AppendUint(b, micro/1e6, 10)
	milli := micro / 1e3 % 1e3
	b = append(b, '.', byte('0'+milli/100), byte('0'+milli/10%10), byte('0'+milli%10), ':')
	b = append(append(append(b, e[fieldID]...), "): "...), body...)
	r.built = b
	if len(b) > MaxLineBytes {
		return TooLong
	}
	if r.rec.Parse(b); r.rec.Bad != Good {
		return BadJournal
	}
	r.audited = true
	return Good
}
