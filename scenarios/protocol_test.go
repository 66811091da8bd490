package scenarios

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestReplies(t *testing.T) {
	outcome := Outcome{Ops: 3, WallNs: 5, CPUNs: 4, LatencyMaxNs: 2, Latency: "aGlzdA==", Expected: map[string]uint64{"exec": 3}}
	for _, c := range []struct {
		sent any
		want Reply
	}{
		{Ready{true, 42, nil}, Reply{Ready: &Ready{true, 42, nil}}},
		{Ready{true, 42, []int{43}}, Reply{Ready: &Ready{true, 42, []int{43}}}},
		{Failure{"no"}, Reply{Failure: &Failure{"no"}}},
		{Failure{""}, Reply{Failure: &Failure{""}}},
		{outcome, Reply{Outcome: &outcome}},
	} {
		var b strings.Builder
		must(t, send(&b, c.sent))
		if strings.Count(b.String(), "\n") != 1 {
			t.Errorf("%+v is not one line: %q", c.sent, b.String())
		}
		got, err := ParseReply([]byte(b.String()))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q gave %+v, %v", b.String(), got, err)
		}
	}
	for _, bad := range []string{"", "{}", "x", `{"ops":-1}`, `{"pid":3}`, `{"ready":true} x`, `{"ops":3}`, `{"ops":3,"wall_ns":-5}`,
		`{"ops":3,"wall_ns":5,"cpu_ns":-1}`, `{"ops":3,"wall_ns":5,"latency_count":-1}`, strings.Repeat(" ", maxLineBytes) + `{"ready":true}`} {
		if got, err := ParseReply([]byte(bad)); err == nil {
			t.Errorf("%.30q gave %+v", bad, got)
		}
	}
}

func FuzzParseReply(f *testing.F) {
	f.Add([]byte(`{"ready":true,"pid":7}`))
	f.Add([]byte(`{"error":"x"}`))
	f.Add([]byte(`{"ops":3,"wall_ns":5,"expected":{"exec":3}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := ParseReply(line)
		set := 0
		for _, is := range []bool{r.Ready != nil, r.Outcome != nil, r.Failure != nil} {
			if is {
				set++
			}
		}
		if (err == nil) != (set == 1) {
			t.Errorf("%q: %d values set, error %v", line, set, err)
		}
	})
}

func FuzzParseSpec(f *testing.F) {
	f.Add([]byte(`{"scenario":"idle","dir":"/var/lib/auditprof/idle","uid":3,"login_uid":4294967295,"seed":1}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		s, err := parseSpec(line, "idle")
		if err != nil {
			return
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := parseSpec(again, "idle"); err != nil || !reflect.DeepEqual(back, s) {
			t.Errorf("%q came back as %+v, %v", line, back, err)
		}
	})
}

func TestParseOrder(t *testing.T) {
	if n, err := parseOrder(strings.TrimSuffix(Order(7), "\n"), 10); n != 7 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	for _, bad := range []string{"", "go", "go ", "go x", "go 0", "go 11", "go 18446744073709551616", "GO 1", "go 1 "} {
		if n, err := parseOrder(bad, 10); err == nil {
			t.Errorf("%q gave %d", bad, n)
		}
	}
}

func TestReadLineLeavesTheRest(t *testing.T) {
	r := strings.NewReader("spec\ngo 1\n")
	line, err := readLine(r)
	if string(line) != "spec" || err != nil || r.Len() != len("go 1\n") {
		t.Errorf("%q, %v, %d bytes left", line, err, r.Len())
	}
}
