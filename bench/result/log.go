package result

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// LogsDir holds the logs that a run keeps, packed with zstd.
const LogsDir = "logs"

// MaxKeptLogBytes bounds what the packed logs of a run take on disk together.
const MaxKeptLogBytes = 64 << 20

// ErrNoRoom: a log does not fit into what is left of MaxKeptLogBytes.
var ErrNoRoom = errors.New("the logs of a run may take 64 MiB packed, and this one does not fit in")

// LogFile is the path in the run directory of the log of an arm on a scenario.
func LogFile(arm, scenario string) (string, error) {
	name := escapeName(arm) + "+" + escapeName(scenario) + ".log.zst"
	if arm == "" || scenario == "" || len(name) > 250 {
		return "", fmt.Errorf("arm %q on scenario %q cannot name a file: give the arm a shorter name", arm, scenario)
	}
	return filepath.Join(LogsDir, name), nil
}

// Log keeps the log of a slot, packed, in place of one kept before of the same arm and scenario, and tells how many bytes it has packed. Where
// it does not fit into room nothing is kept: ErrNoRoom.
func (w *Writer) Log(arm, scenario string, log io.Reader, room int64) (packedBytes int64, err error) {
	name, err := LogFile(arm, scenario)
	if err != nil {
		return 0, err
	}
	if err := w.root.Mkdir(LogsDir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return 0, w.trouble("make "+LogsDir, err)
	}
	temp := name + ".tmp"
	n, err := w.pack(temp, log, room)
	if err == nil {
		err = w.root.Rename(temp, name)
	}
	if err == nil {
		return n, w.syncDir(LogsDir)
	}
	w.root.Remove(temp)
	if errors.Is(err, ErrNoRoom) {
		return 0, err
	}
	return 0, w.trouble("keep "+name, err)
}

func (w *Writer) pack(name string, log io.Reader, room int64) (int64, error) {
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	to := &bounded{w: f, room: room}
	z, err := zstd.NewWriter(to, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err == nil {
		_, err = io.Copy(z, log)
		err = errors.Join(err, z.Close())
	}
	if err == nil {
		err = f.Sync()
	}
	return room - to.room, errors.Join(err, f.Close())
}

// bounded writes up to room bytes.
type bounded struct {
	w    io.Writer
	room int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(len(p)) > b.room {
		return 0, ErrNoRoom
	}
	n, err := b.w.Write(p)
	b.room -= int64(n)
	return n, err
}
