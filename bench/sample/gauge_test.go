package sample

import (
	"os"
	"os/exec"
	"testing"
)

// A gauge of another process agrees with the two slower ways to read it.
func TestGaugeOfAnotherProcess(t *testing.T) {
	cmd := exec.Command("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done; read x")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var p Proc
	g, err := p.Gauge(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := out.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	before, err := p.CPUNs(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	cpu, resident, err := g.Read()
	if err != nil {
		t.Fatal(err)
	}
	after, err := p.CPUNs(cmd.Process.Pid)
	if err != nil || cpu < before || cpu > after || cpu == 0 {
		t.Errorf("%d ns of CPU, schedstat had %d before and %d after it (%v)", cpu, before, after, err)
	}
	peak, err := p.PeakRSSBytes(cmd.Process.Pid)
	if most := peak + 512<<10; err != nil || resident < 4096 || resident > most {
		t.Errorf("%d bytes resident, the peak is %d (%v)", resident, peak, err)
	}
	in.Close()
	_ = cmd.Wait() // read ends with 1 where there is no line
	if _, _, err := g.Read(); err == nil {
		t.Error("a process that has ended is read without an error")
	}
	if _, err := p.Gauge(cmd.Process.Pid); err == nil {
		t.Error("a gauge of a process that has ended")
	}
}

func TestParseStatm(t *testing.T) {
	for text, want := range map[string]int64{"5000 1234 900 3 0 400 0\n": 1234, "1 0 0 0 0 0 0\n": 0, "": -1, "5": -1, "5 6": -1, "5 x 7": -1, "5 -1 7": -1, "5 99999999999999999999 7": -1} {
		if got, err := parseStatm([]byte(text)); (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
}

// What one reading costs the machine that is measured: a slot takes 50 a second.
func BenchmarkGauge(b *testing.B) {
	g, err := Proc{}.Gauge(os.Getppid())
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := g.Read(); err != nil {
			b.Fatal(err)
		}
	}
}

// The same by the files that the counters of a slot are read from.
func BenchmarkCPUNs(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Proc{}).CPUNs(os.Getppid()); err != nil {
			b.Fatal(err)
		}
	}
}
