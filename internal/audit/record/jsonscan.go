package record

// kind of a JSON value that a scanner stops at.
type jsonKind uint8

const (
	jsonString jsonKind = iota
	jsonList            // at the end of a list without objects in it
)

// scanner goes through JSON value by value, without recursion or allocation. It is lenient: it finds strings and where things end, and
// leaves judging the rest to whoever wrote it. One that has seen the outermost value end is whole.
type scanner struct {
	b  []byte
	at int

	kind   jsonKind
	value  span // of a string without its quotes, of a list with its brackets
	key    span // of the value, or of the list it stands in
	parent span // key of the object that the value stands in
	depth  int  // of the value: 1 in the outermost object
	inList bool // the value is an element of a list
	whole  bool

	stack [maxJSONDepth]level
	open  int // levels of stack in use
}

// level is an object or list that has begun.
type level struct {
	key     span
	begin   int
	list    bool
	objects bool // a list with objects in it
}

// next goes on to the next string value, or end of a list without objects.
func (s *scanner) next() bool {
	if s.whole {
		return false
	}
	for s.at < len(s.b) {
		c := s.b[s.at]
		s.at++
		switch c {
		case '{', '[':
			if !s.begin(c == '[') {
				return false
			}
		case '}', ']':
			if s.open == 0 {
				return false
			}
			if s.end() {
				return true
			}
			if s.whole {
				return false
			}
		case '"':
			text, ok := s.quoted()
			if !ok {
				return false
			}
			if s.isKey() {
				s.key = text
				continue
			}
			s.stop(jsonString, text)
			return true
		}
	}
	return false
}

func (s *scanner) begin(list bool) bool {
	if s.open == maxJSONDepth {
		return false
	}
	if s.open > 0 && s.stack[s.open-1].list {
		s.stack[s.open-1].objects = true
	}
	s.stack[s.open] = level{key: s.key, begin: s.at - 1, list: list}
	s.open++
	return true
}

// end closes the innermost object or list, and reports whether it is a list to stop at.
func (s *scanner) end() bool {
	s.open--
	l := s.stack[s.open]
	s.key = l.key
	s.whole = s.open == 0
	if !l.list || l.objects {
		return false
	}
	s.stop(jsonList, span{l.begin, s.at})
	return true
}

func (s *scanner) stop(kind jsonKind, value span) {
	s.kind, s.value, s.depth, s.parent = kind, value, s.open, span{}
	if s.inList = false; s.open > 0 {
		s.parent, s.inList = s.stack[s.open-1].key, s.stack[s.open-1].list
	}
}

// quoted reads a string up to its closing quote, which a backslash hides.
func (s *scanner) quoted() (text span, ok bool) {
	lo := s.at
	for s.at < len(s.b) {
		switch s.b[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return span{lo, s.at - 1}, true
		}
		s.at++
	}
	return span{}, false
}

// isKey reports whether a colon follows.
func (s *scanner) isKey() bool {
	for n := s.at; n < len(s.b); n++ {
		switch s.b[n] {
		case ' ', '\t':
			continue
		case ':':
			s.at = n + 1
			return true
		}
		return false
	}
	return false
}
