package main

import (
	"context"
	"io"
	"os"
)

// interruptible is in, of which a Read also ends with the context: a terminal or the other end of a pipe may say nothing for hours, and a
// signal must end the program all the same. A regular file is returned as it is: it never makes anybody wait, and can be read twice.
func interruptible(ctx context.Context, in io.Reader) io.Reader {
	if f, ok := in.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
			return in
		}
	}
	return &waiting{ctx: ctx, in: in, got: make(chan took, 1)}
}

// waiting reads in a goroutine of its own, into memory of its own: the caller's may be gone when something comes at last.
type waiting struct {
	ctx  context.Context
	in   io.Reader
	got  chan took
	buf  []byte
	rest []byte // of buf, not yet given out
	err  error  // what comes behind rest
}

// took is the result of a Read.
type took struct {
	n   int
	err error
}

// maxWaitingBytes is how much is read at a time: a pipe holds no more (fs/pipe.c: PIPE_DEF_BUFFERS).
const maxWaitingBytes = 64 << 10

func (w *waiting) Read(p []byte) (int, error) {
	if len(w.rest) == 0 && w.err == nil {
		if err := w.wait(); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.rest)
	w.rest = w.rest[n:]
	if len(w.rest) > 0 {
		return n, nil
	}
	return n, w.err
}

// wait fills rest, or returns why nobody waits any longer.
func (w *waiting) wait() error {
	if err := w.ctx.Err(); err != nil {
		w.err = err
		return err
	}
	if w.buf == nil {
		w.buf = make([]byte, maxWaitingBytes)
	}
	go func() {
		n, err := w.in.Read(w.buf)
		w.got <- took{n, err}
	}()
	select {
	case t := <-w.got:
		w.rest, w.err = w.buf[:t.n], t.err
		return nil
	case <-w.ctx.Done():
		w.err = w.ctx.Err()
		return w.err
	}
}
