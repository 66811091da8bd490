package scenarios

import (
	"errors"
	"io"
	"sync/atomic"
)

// orders are the lines of stdin, read by a goroutine that sits in one blocking read: nothing of it happens while operations run, and the end
// of file is seen even then.
type orders struct {
	lines chan string
	ended atomic.Bool
	err   error // set before ended is; nil for a plain end of file
}

// maxWaitingOrders bounds what a harness may send ahead.
const maxWaitingOrders = 64

// readOrders calls ended when no more are to come.
func readOrders(stdin io.Reader, ended func()) *orders {
	o := &orders{lines: make(chan string, maxWaitingOrders)}
	go func() {
		o.err = o.read(stdin)
		o.ended.Store(true)
		ended()
		close(o.lines)
	}()
	return o
}

func (o *orders) read(stdin io.Reader) error {
	for {
		line, err := readLine(stdin)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case o.lines <- string(line):
		default:
			return errors.New("too many orders at once: wait for the outcome of one before the next")
		}
	}
}
