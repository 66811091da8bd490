package result

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Limits of what Read takes in: a run directory may come from anywhere. A run of 30 rounds, 10 scenarios and 10 arms has 6,000 slots of
// about 2 KiB, and a result.json of some MiB. Commas are counted because an element of three bytes in JSON is up to 200 in memory: the limit
// keeps the worst file under 500 MB.
const (
	maxRunBytes   = 32 << 20
	maxRunCommas  = 1 << 21
	maxSlotsBytes = 256 << 20
	maxLineBytes  = 1 << 20
	maxSlots      = 1 << 17
)

// Read reads the run directory back. A torn last line of slots.jsonl (the run was cut off while writing it) is left out and counted in the
// run's warnings. Where result.json is missing the error says so (fs.ErrNotExist), and the slots come back all the same.
func Read(dir string) (*Run, []Slot, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("read a run: %w: give the directory that bench wrote", err)
	}
	defer root.Close()
	slots, torn, err := readSlots(root)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", dir, err)
	}
	run, err := readRun(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, slots, fmt.Errorf("%s holds no %s: %w: the run ended before its first round did (%d slots are there), or this is no run directory",
			dir, RunFile, fs.ErrNotExist, len(slots))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", dir, err)
	}
	if torn > 0 {
		run.Warnings = append(run.Warnings, Warning{
			Text: fmt.Sprintf("the last line of %s is torn (%d bytes): 1 slot is left out", SlotsFile, torn),
			Cure: "none needed, the run was cut off while writing it",
		})
	}
	return run, slots, nil
}

func readRun(root *os.Root) (*Run, error) {
	f, err := openRegular(root, RunFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRunBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", RunFile, err)
	}
	return DecodeRun(data)
}

// DecodeRun makes a Run of the bytes of a result.json, up to 32 MiB and two million values.
func DecodeRun(data []byte) (*Run, error) {
	if len(data) > maxRunBytes || bytes.Count(data, []byte{','}) > maxRunCommas {
		return nil, fmt.Errorf("%s is larger than %d MiB or %d values: bench never writes that", RunFile, maxRunBytes>>20, maxRunCommas)
	}
	var version struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return nil, fmt.Errorf("%s is no JSON result: %w", RunFile, err)
	}
	if version.Schema != Schema {
		return nil, fmt.Errorf("%s has schema %q, this auditprof reads %q: use the version that wrote it", RunFile, version.Schema, Schema)
	}
	run := &Run{}
	if err := json.Unmarshal(data, run); err != nil {
		return nil, fmt.Errorf("%s does not fit its schema: %w", RunFile, err)
	}
	if err := check(run); err != nil {
		return nil, fmt.Errorf("%s contradicts itself: %w", RunFile, err)
	}
	return run, nil
}

// openRegular refuses pipes and devices without waiting for them.
func openRegular(root *os.Root, name string) (*os.File, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", name)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// readSlots reads slots.jsonl; a run without one has no slots.
func readSlots(root *os.Root) (slots []Slot, torn int, err error) {
	f, err := openRegular(root, SlotsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	return DecodeSlots(f)
}

// DecodeSlots reads slots one a line. torn is the length of a last line without its end, 0 where there is none. Lines up to 1 MiB, 256 MiB
// and 131,072 slots in all.
func DecodeSlots(r io.Reader) (slots []Slot, torn int, err error) {
	in := bufio.NewReaderSize(io.LimitReader(r, maxSlotsBytes+1), maxLineBytes)
	total := 0
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		switch total += len(line); {
		case total > maxSlotsBytes || len(slots) >= maxSlots && len(line) > 0:
			return nil, 0, fmt.Errorf("%s is larger than %d MiB or %d slots: bench never writes that", SlotsFile, maxSlotsBytes>>20, maxSlots)
		case errors.Is(err, io.EOF):
			return slots, len(line), nil
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, 0, fmt.Errorf("%s:%d: line longer than %d bytes", SlotsFile, number, maxLineBytes)
		case err != nil:
			return nil, 0, fmt.Errorf("read %s: %w", SlotsFile, err)
		}
		var s Slot
		if err := json.Unmarshal(bytes.TrimSpace(line), &s); err != nil {
			return nil, 0, fmt.Errorf("%s:%d: %w", SlotsFile, number, err)
		}
		slots = append(slots, s)
	}
}
