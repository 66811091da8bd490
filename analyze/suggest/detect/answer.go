package detect

// Answer is whether something is so, as far as a log tells.
type Answer uint8

// The answers, in an order in which "and" is the least and "or" the greatest.
const (
	No Answer = iota
	Maybe
	Yes
)

func (a Answer) String() string { return [...]string{"no", "maybe", "yes"}[a] }

func (a Answer) not() Answer { return Yes - a }

func answer(is bool) Answer {
	if is {
		return Yes
	}
	return No
}
