package analyze

import "slices"

// clone is a copy that shares no memory with p.
func (p *Profile) clone() *Profile {
	c := *p
	c.Window.Hosts, c.Window.Holes = slices.Clone(p.Window.Hosts), slices.Clone(p.Window.Holes)
	c.Log.Skipped = slices.Clone(p.Log.Skipped)
	c.Origins, c.Rules = slices.Clone(p.Origins), slices.Clone(p.Rules)
	for _, t := range c.tables() {
		t.Rows = slices.Clone(t.Rows)
	}
	c.Users.Rows, c.Paths.Rows, c.Cells = slices.Clone(p.Users.Rows), slices.Clone(p.Paths.Rows), slices.Clone(p.Cells)
	c.StartedBy.Rows = slices.Clone(p.StartedBy.Rows)
	for i, row := range c.StartedBy.Rows {
		c.StartedBy.Rows[i].Programs = slices.Clone(row.Programs)
	}
	c.Rate.Bursts = slices.Clone(p.Rate.Bursts)
	c.Series.Events, c.Series.Bytes = slices.Clone(p.Series.Events), slices.Clone(p.Series.Bytes)
	c.RuleSeries = slices.Clone(p.RuleSeries)
	for i, s := range c.RuleSeries {
		c.RuleSeries[i].Events = slices.Clone(s.Events)
	}
	c.Unknown.Reasons, c.Unknown.Sets = slices.Clone(p.Unknown.Reasons), slices.Clone(p.Unknown.Sets)
	for i, s := range c.Unknown.Sets {
		c.Unknown.Sets[i].Rules = slices.Clone(s.Rules)
	}
	c.Assumptions, c.Conflicts.Keys = slices.Clone(p.Assumptions), slices.Clone(p.Conflicts.Keys)
	c.Unexplained = slices.Clone(p.Unexplained)
	return &c
}

// tables are the dimensions that are Tables.
func (p *Profile) tables() []*Table {
	return []*Table{&p.Types, &p.Keys, &p.Exes, &p.Syscalls, &p.Sessions}
}

// tidy joins what has become equal and sorts every list. Nothing but the order of Rules is left to chance before.
func (p *Profile) tidy() {
	for _, t := range p.tables() {
		t.tidy()
	}
	p.Users.tidy()
	p.Paths.tidy()
	p.StartedBy.tidy()
	p.Cells = tidyCells(p.Cells)
	p.Window.tidy()
}
