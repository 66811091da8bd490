package match

// bend looks for the one thing, or the two, that were taken for granted and cannot be so, where no reading of the event explains
// that it is in the log with its key. What is found is certain only where no other rule explains it as well.
func (j *Judge) bend(d Decision) Decision {
	if j.m.always[string(j.key)] || j.call.Kernel {
		for bends := 1; bends <= 2; bends++ {
			j.worlds.begin(bends)
			if e := j.explore(j.walk()); len(j.found) > 0 {
				d.Why = j.worlds.why
				d.Rests = e.kept | AssumeFlipped
				return j.conclude(d)
			}
			if j.worlds.full {
				break
			}
		}
	}
	j.places.undecided()
	return Decision{Answer: None, Rule: -1, Conflict: true, Open: true}
}
