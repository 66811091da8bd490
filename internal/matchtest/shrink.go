package matchtest

// Shrink makes a plan smaller as long as bad says yes to what is left: rules go, but for the catch-all at the end, then steps of the script
// and of its children. bad is asked tries times at most; it runs the plan on the kernel and compares.
func Shrink(p Plan, tries int, bad func(Plan) bool) Plan {
	ask := func(q Plan) bool {
		if tries == 0 {
			return false
		}
		tries--
		return bad(q)
	}
	for before := -1; before != size(p); {
		before = size(p)
		own := len(p.Rules) - len(CatchAll())
		rest := p.Rules[own:]
		with := func(rules []string) Plan {
			q := p
			q.Rules = append(append([]string{}, rules...), rest...)
			return q
		}
		p = with(reduce(p.Rules[:own], func(rules []string) bool { return ask(with(rules)) }))
		p.Script = shrinkScript(p.Script, func(s Script) bool {
			q := p
			q.Script = s
			return ask(q)
		})
	}
	return p
}

func size(p Plan) int { return len(p.Rules) + p.Script.Calls() }

// shrinkScript leaves out steps, then steps of children.
func shrinkScript(s Script, bad func(Script) bool) Script {
	s = reduce(s, func(steps []Step) bool { return bad(steps) })
	for i := range s {
		for j := range s[i] {
			if s[i][j].Child == nil {
				continue
			}
			with := func(child Script) Script {
				out := append(Script{}, s...)
				out[i] = append(Step{}, s[i]...)
				out[i][j].Child = child
				return out
			}
			s = with(shrinkScript(s[i][j].Child, func(child Script) bool { return bad(with(child)) }))
		}
	}
	return s
}

// reduce leaves out pieces of a list, large ones first, as long as what is left is still bad.
func reduce[T any](list []T, bad func([]T) bool) []T {
	for piece := len(list); piece > 0; piece /= 2 {
		for at := 0; at < len(list); {
			end := min(at+piece, len(list))
			left := append(append([]T{}, list[:at]...), list[end:]...)
			if bad(left) {
				list = left
			} else {
				at = end
			}
		}
	}
	return list
}
