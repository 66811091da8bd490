package record

import "bytes"

// Form is what a record was wrapped in.
type Form uint8

// The forms.
const (
	Plain   Form = iota // as auditd writes it, ausearch --raw too
	Syslog              // behind the head of a syslog line, or a file name as grep prints it
	Kernel              // the kernel's own log, type=1300 audit(…): kernel/audit.c:kauditd_printk_skb
	Journal             // journalctl -o export or -o json
	JSON                // a string in a line of JSON
)

// String returns the form in words.
func (f Form) String() string {
	if int(f) < len(formText) {
		return formText[f]
	}
	return "unknown form"
}

var formText = [...]string{"plain", "syslog", "kernel log", "journal", "JSON"}

// wrapped is what a Reader needs for records that are wrapped in something. A plain log leaves it empty.
type wrapped struct {
	form       Form
	hostAsNode bool

	more      []byte // records of the same line that are still to be given out
	moreBytes int64  // how much of the line's length is theirs

	text  []byte // strings of the line, decoded
	built []byte // a record's line made of parts
	noded []byte // the same behind node=

	json    jsonLine
	entry   entry
	audited bool // the journal has records of the audit transport: others are second copies

	host      []byte // of the current line's envelope
	firstHost []byte
	hosts     int // 0, 1, or 2 for several
}

func (w *wrapped) reset() {
	w.more, w.moreBytes, w.audited, w.host, w.form = nil, 0, false, nil, Plain
}

// HostAsNode makes records without node= have the host of their envelope as Node.
func (r *Reader) HostAsNode(on bool) { r.hostAsNode = on }

// Form returns what the record that Scan read was wrapped in.
func (r *Reader) Form() Form { return r.form }

// SeveralHosts reports whether the envelopes so far named several hosts. Records of different hosts can be told apart only by their node:
// see HostAsNode.
func (r *Reader) SeveralHosts() bool { return r.hosts > 1 }

// unwrap looks for a record in the current line, which is none as it stands.
func (r *Reader) unwrap() {
	rec := &r.rec
	line := bytes.TrimLeft(bytes.TrimPrefix(rec.Raw, byteOrderMark), " \t")
	r.host = nil
	switch {
	case rec.Bad == NUL && r.splitNUL(rec.Raw):
	case rec.Bad != NUL && rec.Bad != NoHeader:
	case beginsEntry(line):
		r.readEntry(line)
	case isAusearchMark(line):
		rec.Bad = AusearchMark
	case beginsJSON(line):
		r.unwrapJSON(line)
	default:
		r.unwrapLine(line)
	}
}

// unwrapLine looks for one record in text of one line. Where there is none, Raw is text and Bad says why.
func (r *Reader) unwrapLine(text []byte) {
	rec := &r.rec
	if rec.Parse(text); rec.Bad != NoHeader && rec.Bad != NUL {
		return
	}
	msg, host, tag := syslogMessage(text)
	switch {
	case msg == nil:
		return
	case r.parseMessage(msg):
		r.nameNode(host)
	case string(tag) == "audit" && beginsWithType(msg):
		r.reject(text, NoSerial)
	case isLossMessage(tag, msg):
		r.reject(text, KernelLoss)
	case rec.Bad == NoHeader || rec.Bad == NUL:
		r.reject(text, Other)
	}
}

// parseMessage makes the current record that of a message: plain, or as the kernel logs it. It reports false where it is none.
func (r *Reader) parseMessage(msg []byte) bool {
	rec := &r.rec
	if rec.Parse(msg); rec.Bad == Good {
		r.form = Syslog
		return true
	}
	number, stamp := kernelMessage(msg)
	if stamp == nil {
		return false
	}
	r.built = append(r.built[:0], typePrefix...)
	r.built = appendType(r.built, number)
	r.built = append(append(r.built, msgPrefix...), stamp...)
	if rec.Parse(r.built); rec.Bad != Good {
		r.reject(msg, rec.Bad)
		return false
	}
	r.form = Kernel
	return true
}

// reject makes the current record a line that is none.
func (r *Reader) reject(line []byte, why Bad) {
	r.rec.Parse(nil)
	r.rec.Raw, r.rec.Bad = line, why
}

// nameNode notes the host of an envelope, and makes it the node of a good record where that is asked for and the record has none.
func (r *Reader) nameNode(host []byte) {
	rec := &r.rec
	if rec.Bad != Good || len(rec.Node) > 0 || !isHost(host) {
		return
	}
	switch {
	case r.hosts == 0:
		r.firstHost = append(r.firstHost[:0], host...)
		r.hosts = 1
	case !bytes.Equal(host, r.firstHost):
		r.hosts = 2
	}
	if !r.hostAsNode {
		return
	}
	r.noded = append(append(append(append(r.noded[:0], nodePrefix...), host...), ' '), rec.Raw...)
	rec.Parse(r.noded)
}

// isHost reports whether b can be a node name.
func isHost(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return len(b) > 0 && len(b) < 256
}

// give makes the lines of text the records of the current line, one after the other. There is at least one.
func (r *Reader) give(text []byte) {
	r.more, r.moreBytes = text, r.rec.Length
	r.rec.Length = 0
	r.takePiece()
}

// takePiece makes the next line of what give was given the current record.
func (r *Reader) takePiece() {
	rec := &r.rec
	piece := r.more
	rec.Offset += rec.Length
	if n := bytes.IndexByte(piece, '\n'); n >= 0 {
		piece, r.more = piece[:n], piece[n+1:]
		rec.Length = min(int64(n)+1, r.moreBytes)
	} else {
		r.more = nil
		rec.Length = r.moreBytes
	}
	r.moreBytes -= rec.Length
	form, host := r.form, r.host
	r.unwrapLine(piece)
	if form == JSON {
		r.form = JSON
	}
	r.nameNode(host)
}

// splitNUL tells a record from the NUL bytes before it, which a crash left of the block that was being written.
func (r *Reader) splitNUL(line []byte) bool {
	at := bytes.LastIndexByte(line, 0) + 1
	var rec Record
	if rec.Parse(line[at:]); rec.Bad != Good {
		return false
	}
	length := r.rec.Length
	r.reject(line[:at], NUL)
	r.rec.Length = int64(at)
	r.more, r.moreBytes = line[at:], length-int64(at)
	return true
}

// isAusearchMark reports whether ausearch printed the line between events (audit-userspace src/ausearch-report.c:output_default).
func isAusearchMark(line []byte) bool {
	return string(bytes.TrimRight(line, " \r")) == "----" || bytes.HasPrefix(line, []byte("time->"))
}
