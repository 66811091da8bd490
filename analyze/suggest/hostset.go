package suggest

import "math/bits"

// hostSet is a set of hosts by their numbers.
type hostSet struct {
	first uint64   // hosts 0 to 63
	more  []uint64 // those after
}

func (s *hostSet) add(host uint32) {
	if host < 64 {
		s.first |= 1 << host
		return
	}
	word := int(host/64) - 1
	for len(s.more) <= word {
		s.more = append(s.more, 0)
	}
	s.more[word] |= 1 << (host % 64)
}

func (s *hostSet) join(o hostSet) {
	s.first |= o.first
	for n, word := range o.more {
		if n == len(s.more) {
			s.more = append(s.more, 0)
		}
		s.more[n] |= word
	}
}

func (s *hostSet) len() int {
	n := bits.OnesCount64(s.first)
	for _, word := range s.more {
		n += bits.OnesCount64(word)
	}
	return n
}
