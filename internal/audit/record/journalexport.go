package record

import (
	"bytes"
	"encoding/binary"
)

// maxFieldBytes is the longest field that journald keeps (src/libsystemd/sd-journal/journal-file.h: DATA_SIZE_MAX).
const maxFieldBytes = 768 << 20

// beginsEntry reports whether a line is the first of an entry of journalctl -o export (systemd's docs/JOURNAL_EXPORT_FORMATS.md).
func beginsEntry(line []byte) bool {
	return bytes.HasPrefix(line, []byte("__CURSOR=")) || bytes.HasPrefix(line, []byte("__REALTIME_TIMESTAMP="))
}

// readEntry reads on to the end of the entry, an empty line, and makes the current record that of the entry.
func (r *Reader) readEntry(first []byte) {
	rec := &r.rec
	r.entry.reset()
	r.text = append(r.text[:0], first...)
	if rec.Torn {
		r.reject(r.text, BadJournal)
		return
	}
	for {
		line, _, torn, ok := r.next()
		if !ok || len(line) == 0 {
			break
		}
		rec.Torn = rec.Torn || torn
		if !r.readField(line) {
			rec.Length = r.offset - rec.Offset
			r.reject(r.text, BadJournal)
			return
		}
	}
	r.giveEntry(r.text, r.offset-rec.Offset)
}

// readField takes one field of an entry, NAME=value, or NAME with the length of the value and the value behind it. It reports false where
// the line is neither.
func (r *Reader) readField(line []byte) bool {
	name, value, ok := bytes.Cut(line, []byte("="))
	if !isFieldName(name) {
		return false
	}
	n := fieldNumber(name)
	if ok {
		if n >= 0 {
			r.entry[n] = append(r.entry[n][:0], value...)
		}
		return true
	}
	var keep []byte
	if n >= 0 {
		keep = r.entry[n][:0]
	}
	keep, ok = r.readBinary(keep, n >= 0)
	if n >= 0 {
		r.entry[n] = keep
	}
	return ok
}

// isFieldName reports whether name is that of a field: capitals, digits and underscores, at most 64 (systemd.journal-fields(7)).
func isFieldName(name []byte) bool {
	for _, c := range name {
		if c != '_' && !isDigit(c) && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(name) > 0 && len(name) <= 64
}

// readBinary reads a value of 64 bits of length, little-endian, its bytes and a newline, and keeps its beginning.
func (r *Reader) readBinary(keep []byte, kept bool) ([]byte, bool) {
	var room [8]byte
	size, n := r.read(room[:0], 8, true)
	length := uint64(0)
	if n == 8 {
		length = binary.LittleEndian.Uint64(size)
	}
	if n < 8 || length > maxFieldBytes {
		return keep, false
	}
	keep, n = r.read(keep, int64(length), kept)
	if n < int64(length) {
		return keep, false
	}
	end, n := r.read(room[:0], 1, true)
	return keep, n == 1 && end[0] == '\n'
}

// read takes up to n bytes of the source and returns how many there were; dst with the first of them, at most MaxLineBytes+1, where they are
// to be kept.
func (r *Reader) read(dst []byte, n int64, kept bool) ([]byte, int64) {
	done := int64(0)
	for done < n {
		rest := r.buf[r.start:r.end]
		if len(rest) == 0 {
			if r.srcErr != nil {
				break
			}
			r.fill()
			continue
		}
		rest = rest[:min(int64(len(rest)), n-done)]
		if room := MaxLineBytes + 1 - len(dst); kept && room > 0 {
			dst = append(dst, rest[:min(len(rest), room)]...)
		}
		r.line += int64(bytes.Count(rest, []byte("\n")))
		r.start += len(rest)
		r.offset += int64(len(rest))
		done += int64(len(rest))
	}
	return dst, done
}
