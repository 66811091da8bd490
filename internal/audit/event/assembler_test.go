package event

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// lines of one syscall event with serial n in second sec, as the kernel orders them.
func lines(sec, n int) []string {
	stamp := fmt.Sprintf("msg=audit(%d.%03d:%d): ", sec, n%1000, n)
	return []string{
		"type=SYSCALL " + stamp + `arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=1 items=2 pid=7 comm="x" exe="/bin/x" key="k"`,
		"type=CWD " + stamp + `cwd="/"`,
		"type=PATH " + stamp + `item=0 name="/tmp" nametype=PARENT`,
		"type=PATH " + stamp + `item=1 name="/tmp/a" nametype=CREATE`,
		"type=PROCTITLE " + stamp + `proctitle="x"`,
	}
}

// without drops the records of one type.
func without(typ string, in []string) []string {
	var out []string
	for _, l := range in {
		if !strings.HasPrefix(l, "type="+typ+" ") {
			out = append(out, l)
		}
	}
	return out
}

// assemble gives the events of a log, copied.
func assemble(opt Options, text string) []*Event {
	var all []*Event
	for ev := range NewAssembler(opt).Events(record.NewReader(strings.NewReader(text)), nil) {
		all = append(all, ev.Clone())
	}
	return all
}

func join(in ...string) string { return strings.Join(in, "\n") + "\n" }

// brief says of each event its serial, its number of records and what is missing.
func brief(events []*Event) []string {
	var out []string
	for _, ev := range events {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d/%d %s", ev.Serial, len(ev.Records), ev.Missing)))
	}
	return out
}

const user = `type=USER_START msg=audit(10.000:%d): pid=1 uid=0 auid=0 ses=1 msg='op=x res=success'`

func TestPartial(t *testing.T) {
	full := lines(10, 5)
	uring := []string{`type=URINGOP msg=audit(10.000:5): uring_op=18 success=yes exit=0 items=1 ppid=1 pid=2 key="k"`,
		`type=CWD msg=audit(10.000:5): cwd="/"`, `type=PATH msg=audit(10.000:5): item=0 name="/a"`}
	noItems := strings.Replace(full[0], "items=2", "items=0", 1)
	fd := []string{strings.Replace(full[0], "items=2", "items=1", 1), `type=PATH msg=audit(10.005:5): item=0 name=(null) inode=1`, full[4]}
	mq := func(call, items string, paths int) []string {
		out := []string{strings.NewReplacer("syscall=257", "syscall="+call, "items=2", items).Replace(full[0]), full[1]}
		return append(append(out, full[2:2+paths]...), full[4])
	}
	for _, c := range []struct {
		name   string
		absent []string
		in     []string
		want   string
	}{
		{"whole", nil, full, ""},
		{"no PROCTITLE", nil, full[:4], "PROCTITLE"},
		{"PROCTITLE excluded", []string{"PROCTITLE"}, full[:4], ""},
		{"a PATH lost", nil, append(full[:3:3], full[4]), "PATH"},
		{"all PATHs lost", nil, without("PATH", full), "PATH"},
		{"PATH excluded", []string{"PATH"}, without("PATH", full), ""},
		{"CWD lost", nil, without("CWD", full), "CWD"},
		{"CWD excluded", []string{"CWD"}, without("CWD", full), ""},
		{"SYSCALL lost", nil, full[1:], "SYSCALL"},
		{"SYSCALL excluded takes the rest with it", []string{"SYSCALL"}, full[1:], "SYSCALL"},
		{"only CWD came", nil, full[1:2], "SYSCALL"},
		{"only EXECVE came", nil, []string{`type=EXECVE msg=audit(10.000:5): argc=1 a0="x"`}, "SYSCALL"},
		{"no names", nil, []string{noItems, full[4]}, ""},
		{"a file descriptor has no name, and some kernels no CWD", nil, fd, ""},
		{"mq_open with O_CREAT on 6.18: two names, one shown", nil, mq("240", "items=2", 1), ""},
		{"mq_unlink on 6.18: two names, one shown", nil, mq("241", "items=2", 1), ""},
		{"mq_unlink, the shown one lost", nil, mq("241", "items=2", 0), "PATH"},
		{"mq_unlink of nothing on 6.18: one name, not shown", nil, mq("241", "items=1", 0), ""},
		{"mq_open of a queue that is there: one name, shown", nil, mq("240", "items=1", 1), ""},
		{"io_uring", nil, uring, ""},
		{"io_uring, PATH lost", nil, uring[:2], "PATH"},
		{"io_uring, URINGOP lost", nil, uring[1:], "SYSCALL"},
		{"io_uring, URINGOP excluded", []string{"URINGOP"}, uring[1:], ""},
		{"io_uring in io_uring_enter", nil, append(uring[:1:1], strings.ReplaceAll(join(full...), "10.005:5", "10.000:5")), ""},
		{"user message", nil, []string{fmt.Sprintf(user, 5)}, ""},
		{"AVC and its syscall", nil, append([]string{`type=AVC msg=audit(10.005:5): avc:  denied  { read } for  pid=1`}, full...), ""},
	} {
		opt := Options{Absent: map[string]bool{}}
		for _, typ := range c.absent {
			opt.Absent[typ] = true
		}
		all := assemble(opt, join(c.in...))
		if len(all) != 1 {
			t.Errorf("%s: %d events: %v", c.name, len(all), brief(all))
			continue
		}
		if all[0].Missing != c.want || all[0].Partial != (c.want != "") {
			t.Errorf("%s: partial %v missing %q, want %q", c.name, all[0].Partial, all[0].Missing, c.want)
		}
	}
}

func TestTornLineMakesPartial(t *testing.T) {
	in := join(lines(10, 5)...)
	all := assemble(Options{}, strings.TrimSuffix(in, "\n"))
	if len(all) != 1 || all[0].Missing != "newline" {
		t.Errorf("got %v", brief(all))
	}
}

func TestEventHoldsItsRecords(t *testing.T) {
	in := "node=n " + strings.Join(lines(10, 5), "\nnode=n ") + "\n"
	all := assemble(Options{}, in)
	if len(all) != 1 {
		t.Fatalf("got %v", brief(all))
	}
	ev := all[0]
	if ev.Node != "n" || ev.Sec != 10 || ev.Milli != 5 || ev.Serial != 5 || ev.LogBytes != int64(len(in)) || len(ev.Records) != 5 {
		t.Errorf("got %+v", ev)
	}
	if rec := ev.Syscall(); rec == nil || string(rec.Type) != "SYSCALL" || rec.Line != 1 {
		t.Errorf("syscall record: %+v", rec)
	}
	if keys := record.Keys(ev.Syscall()); !reflect.DeepEqual(keys, []string{"k"}) {
		t.Errorf("keys %q", keys)
	}
	alone := assemble(Options{}, join(fmt.Sprintf(user, 5)))
	if alone[0].Syscall() != nil {
		t.Error("a user message has no syscall record")
	}
}

// The lines of events from several tasks mix, and come in any order.
func TestInterleavedAndOutOfOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		var all []string
		var want []string
		for n := 1; n <= 8; n++ {
			all = append(all, lines(10, n)...)
			want = append(want, fmt.Sprintf("%d/5", n))
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		got := brief(assemble(Options{}, join(all...)))
		sort.Strings(got)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("round %d: got %v from\n%s", round, got, join(all...))
		}
	}
}

func TestGivenOutAsSoonAsComplete(t *testing.T) {
	a := NewAssembler(Options{})
	for n, l := range lines(10, 5) {
		if ev := a.Next(); ev != nil {
			t.Fatalf("given out before line %d: %+v", n, ev)
		}
		push(t, a, l)
	}
	if ev := a.Next(); ev == nil || ev.Serial != 5 || ev.Partial {
		t.Fatalf("got %+v", ev)
	}
	if a.Next() != nil || a.open.count != 0 || a.heldBytes != 0 || a.oldest() != nil {
		t.Fatalf("something is left: %+v", a)
	}
}

func push(t *testing.T, a *Assembler, line string) {
	t.Helper()
	rec := new(record.Record)
	rec.Parse([]byte(line))
	rec.Length = int64(len(line)) + 1
	if !a.Push(rec) {
		t.Fatalf("%q: %v", line, rec.Bad)
	}
}

// Where a relay has mixed the lines of events, PROCTITLE ends none: SOCKADDR, which no SYSCALL promises, may still come.
func TestPROCTITLEEndsNothingInMixedLines(t *testing.T) {
	var all []string
	for n := 1; n <= 3; n++ {
		l := lines(10, n)
		all = append(all, l[4], l[0], l[1], l[2], l[3], fmt.Sprintf("type=SOCKADDR msg=audit(10.%03d:%d): saddr=1000", n, n))
	}
	got := brief(assemble(Options{}, join(all...)))
	if want := []string{"1/6", "2/6", "3/6"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// PROCTITLE is not the end where a PATH is still to come.
func TestWaitsForWhatWasPromised(t *testing.T) {
	l := lines(10, 5)
	got := brief(assemble(Options{}, join(l[0], l[1], l[2], l[4], lines(10, 6)[0], l[3])))
	if want := []string{"5/5", "6/1 PROCTITLE"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// An event that lacks its PROCTITLE waits for it two seconds of the log's clock, and keeps those that began later waiting as long.
func TestTimeoutByTheLogsClock(t *testing.T) {
	for _, c := range []struct {
		sec, given int // 6 begins at sec; how many are given out then
	}{{12, 0}, {13, 2}} {
		a := NewAssembler(Options{})
		for _, l := range append(lines(10, 5)[:4:4], lines(c.sec, 6)...) {
			push(t, a, l)
		}
		var got []*Event
		for ev := a.Take(); ev != nil; ev = a.Take() {
			got = append(got, ev)
		}
		if len(got) != c.given {
			t.Errorf("next event at %d s: %v given out, want %d", c.sec, brief(got), c.given)
		}
		a.Flush()
		for ev := a.Take(); ev != nil; ev = a.Take() {
			got = append(got, ev)
		}
		if want := []string{"5/4 PROCTITLE", "6/5"}; !reflect.DeepEqual(brief(got), want) {
			t.Errorf("next event at %d s: got %v, want %v", c.sec, brief(got), want)
		}
	}
}

// What happened first is given out first, whichever event is complete first; and a line that comes late still finds its event.
func TestGivenOutInOrder(t *testing.T) {
	one, two, three := lines(10, 1), lines(10, 2), lines(10, 3)
	got := brief(assemble(Options{}, join(one[0])+join(two...)+join(one[1:]...)+join(three[:4]...)+join(lines(10, 4)...)))
	if want := []string{"1/5", "2/5", "3/4 PROCTITLE", "4/5"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A syscall that blocked for an hour is stamped with its beginning. Its lines mix with newer ones and still make one event.
func TestOldStampIsNotTimedOut(t *testing.T) {
	old, now := lines(10, 5), lines(3610, 6)
	in := join(lines(3610, 4)...) + join(old[0], now[0], now[1], old[1], old[2], old[3], now[2], now[3], old[4], now[4])
	if got, want := brief(assemble(Options{}, in)), []string{"4/5", "5/5", "6/5"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOldestGivesWay(t *testing.T) {
	var in []string
	for n := 1; n <= 10; n++ {
		in = append(in, fmt.Sprintf(user, n))
	}
	a := NewAssembler(Options{MaxOpen: 4})
	var got []string
	for _, l := range in {
		push(t, a, l)
		if a.open.count > 4 {
			t.Fatalf("%d open", a.open.count)
		}
		for ev := a.Next(); ev != nil; ev = a.Next() {
			got = append(got, brief([]*Event{ev})...)
		}
	}
	if want := []string{"1/1", "2/1", "3/1", "4/1", "5/1", "6/1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// An attacker who can make one event long gets it cut, not the memory.
func TestBytesAreBounded(t *testing.T) {
	const limit = 50000
	a := NewAssembler(Options{MaxOpenBytes: limit})
	events, records := 0, 0
	for n := range 3000 {
		push(t, a, fmt.Sprintf(`type=EXECVE msg=audit(10.000:5): a%d=%s`, n, strings.Repeat("41", 100)))
		if a.heldBytes > limit {
			t.Fatalf("%d bytes open", a.heldBytes)
		}
		for ev := a.Next(); ev != nil; ev = a.Next() {
			events++
			records += len(ev.Records)
			if !ev.Partial {
				t.Fatal("a cut event is partial")
			}
		}
	}
	a.Flush()
	for ev := a.Next(); ev != nil; ev = a.Next() {
		records += len(ev.Records)
	}
	if records != 3000 || events < 10 {
		t.Errorf("%d records in %d events", records, events)
	}
	for _, ev := range a.spare {
		if n := ev.heldBytes(); n > maxSpareEventBytes {
			t.Errorf("a spare event holds %d bytes", n)
		}
	}
}

// On the netlink socket EOE ends an event; the first one comes behind an event that is already given out.
func TestEndOfEventRecords(t *testing.T) {
	eoe := func(n int) string { return fmt.Sprintf("type=EOE msg=audit(10.%03d:%d): ", n, n) }
	l := lines(10, 6)
	in := join(lines(10, 5)...) + join(eoe(5)) + join(l[0], l[1], l[2], l[3], l[4], eoe(6)) + join(eoe(7))
	all := assemble(Options{}, in)
	if got, want := brief(all), []string{"5/5", "5/1", "6/6", "7/1"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var g Gaps
	for _, ev := range all {
		g.Add(ev)
	}
	if c := g.Count(); c.Events != 2 || c.Duplicates != 0 || c.Missing != 0 {
		t.Errorf("got %+v", c)
	}
}

func TestNodesAreApart(t *testing.T) {
	var in []string
	for _, l := range lines(10, 5) {
		in = append(in, "node=a "+l, "node=b "+l, l)
	}
	all := assemble(Options{}, join(in...))
	if got, want := brief(all), []string{"5/5", "5/5", "5/5"}; !reflect.DeepEqual(got, want) || all[0].Node != "a" || all[1].Node != "b" || all[2].Node != "" {
		t.Errorf("got %v", got)
	}
	a := NewAssembler(Options{})
	for n := range 3 * maxNodes {
		push(t, a, fmt.Sprintf("node=n%d ", n)+lines(10, 5)[0])
	}
	if len(a.nodes) > maxNodes {
		t.Errorf("%d node names kept", len(a.nodes))
	}
}

func TestBadRecordsAreTheCallers(t *testing.T) {
	var bad []string
	a := NewAssembler(Options{})
	n := 0
	in := "nonsense\n" + join(lines(10, 5)...) + "\n"
	for range a.Events(record.NewReader(strings.NewReader(in)), func(r *record.Record) { bad = append(bad, r.Bad.String()) }) {
		n++
	}
	if n != 1 || !reflect.DeepEqual(bad, []string{"no audit header", "empty line"}) {
		t.Errorf("%d events, bad %q", n, bad)
	}
	for range a.Events(record.NewReader(strings.NewReader(in)), nil) {
		break // leaving the loop is no panic
	}
}

func TestRecordBytes(t *testing.T) {
	if n := int(reflect.TypeFor[record.Record]().Size()); n > recordBytes || n < recordBytes/2 {
		t.Errorf("a Record takes %d bytes, not about %d", n, recordBytes)
	}
}

func TestNoAllocationPerEvent(t *testing.T) {
	a := NewAssembler(Options{})
	in := strings.NewReader("")
	var text string
	for n := range 200 {
		text += join(lines(10, n)...)
	}
	run := func() {
		in.Reset(text)
		r := record.NewReader(in) // three allocations or so
		for range a.Events(r, nil) {
		}
	}
	run()
	if n := testing.AllocsPerRun(10, run); n > 15 {
		t.Errorf("%v allocations for 200 events", n)
	}
}

// Two files of a log in the wrong order, hours apart, with messages that nothing ends: every event is whole, and memory stays bounded.
func TestFilesInTheWrongOrder(t *testing.T) {
	a := NewAssembler(Options{MaxOpen: 100})
	records, whole := 0, 0
	drain := func() {
		for ev := a.Next(); ev != nil; ev = a.Next() {
			records += len(ev.Records)
			if !ev.Partial {
				whole++
			}
		}
	}
	const each = 3000
	for _, sec := range []int{50_000, 40_000, 60_000} {
		for n := range each {
			for _, l := range lines(sec+n/100, sec+2*n) {
				push(t, a, l)
			}
			push(t, a, fmt.Sprintf("type=USER_START msg=audit(%d.000:%d): pid=1 uid=0 auid=0 ses=1 msg='op=x'", sec+n/100, sec+2*n+1))
			if a.open.count > 100 {
				t.Fatalf("%d events open", a.open.count)
			}
			drain()
		}
	}
	a.Flush()
	drain()
	if records != 3*each*6 || whole != 3*each*2 {
		t.Errorf("%d records, %d whole events", records, whole)
	}
}
