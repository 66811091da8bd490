package suggest

import (
	"cmp"
	"fmt"
	"strings"
)

// judge asks everybody who may object to a candidate, once.
func (s *search) judge(x *candidate) {
	if x.judged {
		return
	}
	x.judged = true
	if x.wanted != "" {
		x.refuse("takes events that must still be seen: "+x.wanted, Forbidden)
		return
	}
	if err := s.writable(&x.change); err != nil {
		x.refuse(err.Error(), Forbidden)
		return
	}
	x.grade = s.grade.Grade(&x.change, s.behaviours(x.of))
	if x.grade.Risk > s.o.MaxRisk || x.grade.Risk >= Forbidden {
		x.refuse(cmp.Or(inShort(x.grade.Reasons), "risk "+x.grade.Risk.String()), x.grade.Risk)
		return
	}
	if s.guard != nil {
		s.heed(x, s.guard.Blinds(&x.change))
	}
	if x.why == "" && s.isOver(x) {
		x.refuse("noise of the past: hardly any of it is in the part of the log that was not learnt from", Forbidden)
	}
}

// fewReasons is how many reasons of a grade a refusal gives.
const fewReasons = 3

// inShort is the worst of some reasons.
func inShort(reasons []string) string {
	few := reasons[:min(len(reasons), fewReasons)]
	text := strings.Join(few, "; ")
	if more := len(reasons) - len(few); more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

func (x *candidate) refuse(why string, needs Risk) { x.why, x.needs = why, needs }

// heed refuses a candidate where a detection objects.
func (s *search) heed(x *candidate, blinded []Blinded) {
	for _, b := range blinded {
		if b.Hard {
			x.refuse("would blind "+b.Name+": "+b.Why, Forbidden)
			return
		}
		x.blinds = append(x.blinds, b)
	}
}

// isOver tells whether a noise had ended before the part that is tested: its share there is below a tenth of what was learnt. Where that part is
// less than a day nothing such can be said: what runs at night may be missing there.
func (s *search) isOver(x *candidate) bool {
	if s.Split.CoveredSec < 3*daySec || s.Total.Tested.Bytes == 0 {
		return false
	}
	learnt, tested := x.alone.Learnt.Bytes, x.alone.Tested.Bytes
	for _, i := range x.of {
		b := &s.Behaviours[i]
		p := Parts{b.Learnt, b.Tested}
		if x.thin >= 0 {
			p = b.Thin[x.thin]
		}
		learnt, tested = learnt+p.Learnt.Bytes, tested+p.Tested.Bytes
	}
	return float64(tested)/float64(s.Total.Tested.Bytes) < float64(learnt)/float64(s.Total.Learnt.Bytes)/10
}

func (s *search) behaviours(of []int) []*Behaviour {
	list := make([]*Behaviour, len(of))
	for n, i := range of {
		list[n] = &s.Behaviours[i]
	}
	return list
}
