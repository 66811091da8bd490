package analyze

// count is what the row adds to a table: its records as the rule set itself would have them.
func (r *Row) count() Count {
	n := Count{Events: 1, Records: uint64(len(r.Records))}
	for i := range r.Records {
		n.Bytes += uint64(r.Records[i].Bytes)
	}
	return n
}

// second is the row's time as the tables have it: a damaged line may say anything.
func (r *Row) second() int64 { return min(max(r.Sec, 0), maxSec) }

// Forget takes back every decision so far, and nothing else: they were made before the log had shown what they needed. Amend counts the new ones.
func (t *Tally) Forget() {
	for i := range t.rules {
		t.rules[i].Count, t.rules[i].maybe = Count{}, 0
	}
	t.origin = [originCount]Count{}
	t.unexplained, t.unexplainedLate, t.amended = nil, nil, false
	t.unknown, t.conflicts, t.rests = unknownTally{}, conflictTally{}, [32]uint64{}
	t.cells = t.cells.empty()
	t.recent.forget()
	t.time.forget()
	t.bursts.forget()
}

// Amend counts the decision of an event that was added before the last Forget.
func (t *Tally) Amend(r *Row) {
	t.event++
	if !t.amended {
		t.amend()
	}
	n := r.count()
	sec := r.second()
	rule := t.addOrigin(r, n)
	t.time.amend(sec, rule)
	t.bursts.amend(sec, rule)
	key := cellKey{origin: r.Origin, rule: rule}
	key.exe = t.exes.id(t.textOf(r, HasExe, r.Exe, &t.exe))
	key.syscall = t.syscall(r)
	key.user = t.user(r)
	t.addCell(r, key, n)
	t.addDoubts(r, n, sec)
}

// amend makes room for what comes in front: the first conflict and the first unexplained events are still to come, unless none does.
func (t *Tally) amend() {
	t.amended = true
	t.conflicts.placed = false
	t.unexplainedLate, t.unexplained = t.unexplained, nil
}

// empty is a table of the same size without cells.
func (t *cellTable) empty() *cellTable { return newCellTable(t.cells.limit, t.maxType, t.moved) }

// forget takes back which rules the events were of.
func (t *timeline) forget() {
	for _, row := range t.byRule {
		clear(row)
	}
}

// amend counts an event, which has its bucket already, for its rule.
func (t *timeline) amend(sec int64, rule int) {
	if rule < 0 || !t.begun || !t.covers(sec) {
		return
	}
	if row := t.row(rule); row != nil {
		row[(sec-t.start)>>t.shift/ruleWidth]++
	}
}

// forget takes back which rules the minutes were of. What they are amended by is counted beside them: they lie far apart.
func (b *bursts) forget() {
	b.amended = map[int64]map[int]uint64{}
	for i := range b.minutes {
		m := &b.minutes[i]
		m.Rule, m.RuleEvents = NoRule, 0
		m.life++
	}
	for i := range b.worst {
		b.worst[i].Rule, b.worst[i].RuleEvents = NoRule, 0
	}
}

// amend counts an event for its rule, if its minute is one that is reported.
func (b *bursts) amend(sec int64, rule int) {
	if rule < 0 {
		return
	}
	start := sec - sec%60
	rules, ok := b.amended[start]
	if !ok {
		if !b.holds(start) {
			return
		}
		rules = map[int]uint64{}
		b.amended[start] = rules
	}
	rules[rule]++
}

// holds tells whether a minute may be among the worst.
func (b *bursts) holds(start int64) bool {
	for _, m := range b.worst {
		if m.StartSec == start {
			return true
		}
	}
	m := &b.minutes[start/60%minutesHeld]
	return m.StartSec == start && m.Events > 0
}

// settle gives the worst minutes the rule that has most of their events. Of a minute in which Forget fell the part behind it is known for its
// heaviest rule only, so that one of both parts is at least as heavy as said.
func (b *bursts) settle() {
	for i := range b.worst {
		m := &b.worst[i]
		rules := b.amended[m.StartSec]
		best, most := m.Rule, m.RuleEvents+rules[m.Rule]
		for rule, n := range rules {
			if n > most || n == most && rule < best {
				best, most = rule, n
			}
		}
		m.Rule, m.RuleEvents = best, most
	}
}
