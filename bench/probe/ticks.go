package probe

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// ticksPerSecond is not a multiple of the scheduler's clock, so that the two do not march in step.
const ticksPerSecond = 997

// tickers are the clocks that sample, one for each CPU.
type tickers []int

// startTickers makes every CPU run the program 997 times a second of time that it is not idle (perf_event_open(2), PERF_COUNT_SW_CPU_CLOCK).
func startTickers(program *ebpf.Program) (t tickers, err error) {
	cpus, err := onlineCPUs("/sys/devices/system/cpu/online")
	if err != nil {
		return nil, err
	}
	attr := unix.PerfEventAttr{Type: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_CPU_CLOCK, Sample: ticksPerSecond,
		Bits: unix.PerfBitFreq | unix.PerfBitDisabled, Sample_type: unix.PERF_SAMPLE_RAW}
	attr.Size = uint32(unix.PERF_ATTR_SIZE_VER5)
	for _, cpu := range cpus {
		fd, err := unix.PerfEventOpen(&attr, -1, cpu, -1, unix.PERF_FLAG_FD_CLOEXEC)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open a clock on CPU %d: %w", cpu, err), t.stop())
		}
		t = append(t, fd)
		if err := errors.Join(unix.IoctlSetInt(fd, unix.PERF_EVENT_IOC_SET_BPF, program.FD()), unix.IoctlSetInt(fd, unix.PERF_EVENT_IOC_ENABLE, 0)); err != nil {
			return nil, errors.Join(fmt.Errorf("start the clock on CPU %d: %w", cpu, err), t.stop())
		}
	}
	return t, nil
}

func (t tickers) stop() (err error) {
	for _, fd := range t {
		err = errors.Join(err, unix.Close(fd))
	}
	return err
}

// maxCPUs is far above what Linux can have (CONFIG_NR_CPUS).
const maxCPUs = 1 << 16

// onlineCPUs reads a list as 0-3,8.
func onlineCPUs(path string) (cpus []int, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for _, part := range strings.Split(strings.TrimSpace(string(b)), ",") {
		first, last, ranged := strings.Cut(part, "-")
		if !ranged {
			last = first
		}
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil || from < 0 || to < from || to >= maxCPUs {
			return nil, fmt.Errorf("%s: %.80q is no list of CPUs", path, b)
		}
		for cpu := from; cpu <= to; cpu++ {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, nil
}
