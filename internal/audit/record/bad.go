package record

// Bad says why a line is no audit record. The zero value is a good record.
type Bad uint8

// The reasons. Parse gives those up to BadHeader, a Reader all.
const (
	Good        Bad = iota
	TooLong         // longer than MaxLineBytes: Raw holds its beginning
	Empty           // nothing before the newline
	NUL             // no header, and NUL bytes: a block that a crash left unwritten, or a binary file
	NoHeader        // does not begin with [node=NAME ]type=TYPE msg=, nor is it wrapped in anything known
	Interpreted     // msg=audit(DATE TIME…): text of ausearch -i, not to be read back
	BadHeader       // type= without a sound msg=audit(SEC.MMM:SERIAL)

	AusearchMark // ---- or time-> between the events of ausearch(8)
	Other        // a line of syslog, or an entry of the journal, that is somebody else's
	Twice        // a journal's second copy of a record, from the kernel's log or from syslog
	NoSerial     // a record as journalctl shows it, without the serial that tells its event
	NotRoot      // a journal entry that looks like a record, written by somebody else than root
	KernelLoss   // the kernel's message that records did not reach its log
	NoRawLine    // JSON without the line of the record in it
	BadJSON      // begins as JSON and is none
	BadJournal   // begins as journalctl -o export and is none, or lacks the fields of a record
)

var badText = [...]string{
	Good:         "good",
	TooLong:      "line too long",
	Empty:        "empty line",
	NUL:          "NUL bytes instead of a record",
	NoHeader:     "no audit header",
	Interpreted:  "interpreted date: export it with ausearch --raw instead of -i",
	BadHeader:    "broken audit header",
	AusearchMark: "separator of ausearch",
	Other:        "not about audit",
	Twice:        "second copy of a record in the journal",
	NoSerial:     "record without its serial: export it with journalctl -o export",
	NotRoot:      "looks like a record, but root did not write it",
	KernelLoss:   "message of the kernel that it dropped records",
	NoRawLine:    "JSON without the line of the record (event.original, _raw, message)",
	BadJSON:      "broken JSON",
	BadJournal:   "broken journal export",
}

// String returns the reason in words.
func (b Bad) String() string {
	if int(b) < len(badText) {
		return badText[b]
	}
	return "unknown reason"
}

// Expected reports whether such lines are no fault of a log: each form of log has some.
func (b Bad) Expected() bool {
	switch b {
	case Good, Empty, AusearchMark, Other, Twice:
		return true
	}
	return false
}
