package analyze

import (
	"sync"
	"sync/atomic"
)

// stages are the three steps of a reading that holds a bounded number of batches. Fill and Use see the batches one after the other, in the
// same order; Work has no order, and its worker (0 to jobs-1) may keep memory of its own.
type stages[B any] struct {
	Fill func(*B) bool // false: there is nothing more, the batch is not used
	Work func(worker int, batch *B)
	Use  func(*B) error // an error ends the reading
}

// inOrder runs the stages over as many batches as Fill makes, in as many goroutines as there are jobs. One uses batches, one fills them, and
// either does the work of one where it would have to wait otherwise, so that two keep two cores busy whatever the steps take. The others only
// work. A batch that Use is done with comes back to Fill.
func inOrder[B any](jobs int, s stages[B]) error {
	if jobs <= 1 {
		return oneByOne(s)
	}
	f := newFlow(jobs, s)
	var others sync.WaitGroup
	others.Go(func() {
		f.fill(1)
		close(f.line)
		close(f.work)
	})
	for worker := 2; worker < jobs; worker++ {
		others.Go(func() {
			for range f.work {
				f.help(worker)
			}
		})
	}
	err := f.use(0)
	close(f.quit)
	others.Wait() // Fill has let go of its source
	return err
}

func oneByOne[B any](s stages[B]) error {
	batch := new(B)
	for s.Fill(batch) {
		s.Work(0, batch)
		if err := s.Use(batch); err != nil {
			return err
		}
	}
	return nil
}

// flow is a ring of batches: they are filled, used and filled again in turn.
type flow[B any] struct {
	stages[B]
	ring             []place[B]
	filled, used     atomic.Uint64 // how many so far: those between are in the flow
	free, line, work chan struct{} // a word for each batch that is free, in line, or to be worked on
	quit             chan struct{}
}

// place is a batch on its way.
type place[B any] struct {
	batch *B
	taken atomic.Bool   // somebody works on it, or has
	done  chan struct{} // says that the work is done
}

func newFlow[B any](jobs int, s stages[B]) *flow[B] {
	size := 4*jobs + 4
	f := &flow[B]{
		stages: s, ring: make([]place[B], size),
		free: make(chan struct{}, size), line: make(chan struct{}, size), work: make(chan struct{}, size), quit: make(chan struct{}),
	}
	for i := range f.ring {
		f.ring[i].batch, f.ring[i].done = new(B), make(chan struct{}, 1)
		f.ring[i].taken.Store(true)
		f.free <- struct{}{}
	}
	return f
}

func (f *flow[B]) at(n uint64) *place[B] { return &f.ring[n%uint64(len(f.ring))] }

// fill fills batches to the end. Where none is free it works on one that is in line.
func (f *flow[B]) fill(worker int) {
	for {
		select {
		case <-f.quit:
			return
		case <-f.free:
		default:
			if f.help(worker) {
				continue
			}
			select {
			case <-f.quit:
				return
			case <-f.free:
			}
		}
		p := f.at(f.filled.Load())
		if !f.Fill(p.batch) {
			break
		}
		p.taken.Store(false)
		f.filled.Add(1)
		f.line <- struct{}{} // never blocks: there are no more batches than room
		select {
		case f.work <- struct{}{}:
		default: // there are words enough to wake everybody
		}
	}
	for f.help(worker) {
	}
}

// help works on the first batch in line that nobody works on, and reports whether there was one.
func (f *flow[B]) help(worker int) bool {
	for n, end := f.used.Load(), f.filled.Load(); n < end; n++ {
		if p := f.at(n); p.taken.CompareAndSwap(false, true) {
			f.Work(worker, p.batch)
			p.done <- struct{}{}
			return true
		}
	}
	return false
}

// use uses batches to the end, and works on those that nobody has worked on.
func (f *flow[B]) use(worker int) error {
	for range f.line {
		p := f.at(f.used.Load())
		if p.taken.CompareAndSwap(false, true) {
			f.Work(worker, p.batch)
		} else {
			<-p.done
		}
		if err := f.Use(p.batch); err != nil {
			return err
		}
		f.used.Add(1)
		f.free <- struct{}{}
	}
	return nil
}
