package sample

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/host"
	"github.com/shirou/gopsutil/v3/mem"
)

// CPUTimes is the machine's CPU time since boot, over all processors, in seconds.
type CPUTimes struct{ TotalSec, StealSec float64 }

// MachineCPU reads /proc/stat. Its figures move in ticks of 10 ms.
func MachineCPU() (CPUTimes, error) {
	t, err := cpu.Times(false)
	if err != nil || len(t) == 0 {
		return CPUTimes{}, fmt.Errorf("read cpu times: %v", err)
	}
	// Total leaves guest time out: the kernel counts it in user already.
	sum := t[0].User + t[0].System + t[0].Idle + t[0].Nice + t[0].Iowait + t[0].Irq + t[0].Softirq + t[0].Steal
	return CPUTimes{TotalSec: sum, StealSec: t[0].Steal}, nil
}

// StealShare is the share of CPU time, 0 to 1, that the hypervisor took away between two readings.
func StealShare(before, after CPUTimes) float64 {
	total := after.TotalSec - before.TotalSec
	if total <= 0 {
		return 0
	}
	return (after.StealSec - before.StealSec) / total
}

// PressureCPU is the PSI figure cpu "some" avg10 in per cent (Documentation/accounting/psi.rst), 0 where the kernel has none.
func (p Proc) PressureCPU() float64 {
	b, err := os.ReadFile(p.path("pressure", "cpu"))
	if err != nil {
		return 0
	}
	return parsePressure(b)
}

// StalledSec is the time since boot during which at least one process waited for a CPU, in seconds: the PSI figure cpu "some" total
// (Documentation/accounting/psi.rst), 0 where the kernel has none.
func (p Proc) StalledSec() float64 {
	b, err := os.ReadFile(p.path("pressure", "cpu"))
	if err != nil {
		return 0
	}
	return parseStalled(b)
}

func parseStalled(b []byte) float64 {
	for line := range bytes.Lines(b) {
		if _, total, ok := bytes.Cut(line, []byte(" total=")); ok && bytes.HasPrefix(line, []byte("some ")) {
			if us, err := strconv.ParseUint(string(bytes.TrimSpace(total)), 10, 64); err == nil {
				return float64(us) / 1e6
			}
		}
	}
	return 0
}

func parsePressure(b []byte) float64 {
	for line := range bytes.Lines(b) {
		rest, ok := bytes.CutPrefix(line, []byte("some avg10="))
		if !ok {
			continue
		}
		num, _, _ := bytes.Cut(rest, []byte(" "))
		v, err := strconv.ParseFloat(string(num), 64)
		if err == nil {
			return v
		}
	}
	return 0
}

// Host is what a report says of the machine.
type Host struct {
	Name, Kernel, Arch, CPUModel string
	CPUs                         int
	MemoryBytes                  uint64
	HZ                           int
	BootID                       string // new at each boot (random(4))
}

// ThisHost reads it. What cannot be read stays empty.
func (p Proc) ThisHost() Host {
	var h Host
	if i, err := host.Info(); err == nil {
		h.Name, h.Kernel, h.Arch = i.Hostname, i.KernelVersion, i.KernelArch
	}
	if c, err := cpu.Info(); err == nil && len(c) > 0 {
		h.CPUModel = c[0].ModelName
	}
	if n, err := cpu.Counts(true); err == nil {
		h.CPUs = n
	}
	if m, err := mem.VirtualMemory(); err == nil {
		h.MemoryBytes = m.Total
	}
	h.HZ = p.HZ("/boot/config-" + h.Kernel)
	h.BootID = p.BootID()
	return h
}

// BootID tells this boot of this machine from all others, "" where /proc does not say (random(4)).
func (p Proc) BootID() string {
	b, err := os.ReadFile(p.path("sys", "kernel", "random", "boot_id"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// SafeHZ is assumed where the kernel's tick rate cannot be learnt: the lowest in use, so that a time given in jiffies is never longer than meant.
const SafeHZ = 100

// HZ is the number of jiffies in a second of the running kernel: CONFIG_HZ of its configuration, else counted on /proc/timer_list, else SafeHZ.
func (p Proc) HZ(bootConfig string) int {
	if f, err := os.Open(p.path("config.gz")); err == nil {
		defer f.Close()
		if z, err := gzip.NewReader(f); err == nil {
			if hz := parseHZ(z); hz > 0 {
				return hz
			}
		}
	}
	if f, err := os.Open(bootConfig); err == nil {
		defer f.Close()
		if hz := parseHZ(f); hz > 0 {
			return hz
		}
	}
	if hz := p.countedHZ(200 * time.Millisecond); hz > 0 {
		return hz
	}
	return SafeHZ
}

func parseHZ(r io.Reader) int {
	s := bufio.NewScanner(io.LimitReader(r, 8<<20))
	for s.Scan() {
		if v, ok := strings.CutPrefix(s.Text(), "CONFIG_HZ="); ok {
			hz, _ := strconv.Atoi(v)
			return hz
		}
	}
	return 0
}

// countedHZ counts jiffies over a while and takes the nearest rate that a kernel can be built with (kernel/Kconfig.hz).
func (p Proc) countedHZ(while time.Duration) int {
	a, began := p.jiffies(), time.Now()
	if a == 0 {
		return 0
	}
	time.Sleep(while)
	rate := float64(p.jiffies()-a) / time.Since(began).Seconds()
	for _, hz := range []int{100, 250, 300, 1000} {
		if rate > 0.9*float64(hz) && rate < 1.1*float64(hz) {
			return hz
		}
	}
	return 0
}

func (p Proc) jiffies() int64 {
	b, err := os.ReadFile(p.path("timer_list"))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		if v, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("jiffies: ")); ok {
			n, _ := strconv.ParseInt(string(v), 10, 64)
			return n
		}
	}
	return 0
}
