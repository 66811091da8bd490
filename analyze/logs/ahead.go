package logs

import "io"

const (
	aheadBuffers     = 4
	aheadBufferBytes = 256 << 10
)

// ahead reads its source in a goroutine of its own, up to aheadBuffers buffers further than it is read, so that unpacking and analysis
// can have a processor core each.
type ahead struct {
	free, full chan piece
	quit, gone chan struct{}

	current piece
	rest    []byte
	err     error
}

// piece is one buffer, how much of it is filled, and what ended the reading behind that.
type piece struct {
	buf []byte
	n   int
	err error
}

func readAhead(src io.Reader) *ahead {
	a := &ahead{
		free: make(chan piece, aheadBuffers), full: make(chan piece, aheadBuffers),
		quit: make(chan struct{}), gone: make(chan struct{}),
	}
	for range aheadBuffers {
		a.free <- piece{buf: make([]byte, aheadBufferBytes)}
	}
	go a.fill(src)
	return a
}

func (a *ahead) fill(src io.Reader) {
	defer close(a.gone)
	for {
		select {
		case <-a.quit:
			return
		case p := <-a.free:
			p.n, p.err = fillBuffer(src, p.buf)
			a.full <- p // never blocks: there are no more pieces than room
			if p.err != nil {
				return
			}
		}
	}
}

// fillBuffer reads until buf is full or the source has an error. io.ReadFull would make an io.EOF of its own.
func fillBuffer(src io.Reader, buf []byte) (n int, err error) {
	idle := 0
	for n < len(buf) && err == nil {
		var m int
		m, err = src.Read(buf[n:])
		n += m
		if idle++; m > 0 {
			idle = 0
		} else if idle > 100 && err == nil {
			return n, io.ErrNoProgress
		}
	}
	return n, err
}

func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.err != nil {
			return 0, a.err
		}
		if a.current.buf != nil {
			a.free <- piece{buf: a.current.buf}
		}
		a.current = <-a.full
		a.rest, a.err = a.current.buf[:a.current.n], a.current.err
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// stop ends the goroutine and waits for it.
func (a *ahead) stop() {
	close(a.quit)
	<-a.gone
}
