package result

import (
	"bytes"
	"os"

	"golang.org/x/perf/benchfmt"
)

// BenchFile has the slots of the rounds once more, in the Go benchmark format (go.dev/design/14313-benchmark-format): benchstat reads it as it is.
const BenchFile = "slots.bench"

// BenchLine is a slot of the rounds as a line of that format, nil for any other slot and for one that does not count. The name is
// Slot/arm=ARM/scenario=SCENARIO-1: bytes of the names that the format gives a meaning are written %XX, an arm's mute copy is ARM+mute, and the 1
// stands where Go writes the number of processors, so that a name that ends with -2 stays whole. A slot that lost something has no time: what
// drops records is fast for the wrong reason, and benchstat would call it faster.
func BenchLine(s Slot) ([]byte, error) {
	if s.Kind != SlotTimed && s.Kind != SlotMute || !s.Valid || s.Ended || s.Ops == 0 || s.WallNs <= 0 {
		return nil, nil
	}
	arm := escapeName(s.Arm)
	if s.Kind == SlotMute {
		arm += "+mute"
	}
	ops := float64(s.Ops)
	var values []benchfmt.Value
	if s.Complete() {
		values = append(values, benchfmt.Value{Value: float64(s.WallNs) / ops, Unit: "ns/op"}, benchfmt.Value{Value: float64(s.TotalCPUNs()) / ops, Unit: "cpu-ns/op"})
	}
	values = append(values, []benchfmt.Value{
		{Value: float64(s.LogBytes-s.OtherBytes) / ops, Unit: "log-B/op"},
		{Value: float64(s.Events-s.OtherEvents) / ops, Unit: "events/op"},
		{Value: float64(s.Lost), Unit: "lost-records"},
	}...)
	if s.LatencyCount > 0 && s.Complete() {
		values = append(values, benchfmt.Value{Value: float64(s.LatencyP99Ns), Unit: "p99-ns"})
	}
	var b bytes.Buffer
	err := benchfmt.NewWriter(&b).Write(&benchfmt.Result{Name: benchfmt.Name("Slot/arm=" + arm + "/scenario=" + escapeName(s.Scenario) + "-1"),
		Iters: int(s.Ops), Values: values})
	return b.Bytes(), err
}

// benchLine appends the slot to slots.bench. It is a copy of what slots.jsonl has: it is not synced, and a torn last line is benchstat's to skip.
func (w *Writer) benchLine(s Slot) error {
	line, err := BenchLine(s)
	if err != nil || line == nil {
		return err
	}
	f, err := w.root.OpenFile(BenchFile, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return w.trouble("write "+BenchFile, err)
	}
	_, err = f.Write(line)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return w.trouble("write "+BenchFile, err)
	}
	return nil
}
