package analyze

// stages are the three steps of a reading that holds a bounded number of batches. Fill and Use see the batches one after the other, in the
// same order; Work has no order, and its worker (0 to jobs-1) may keep memory of its own.
type stages[B any] struct {
	Fill func(*B) bool // false: there is nothing more, the batch is not used
	Work func(worker int, batch *B)
	Use  func(*B) error // an error ends the reading
}

// inOrder runs the stages over as many batches as Fill makes. With one job everything happens in the caller's goroutine, else Fill has one of
// its own and Work has jobs of them. A batch that Use is done with comes back to Fill.
func inOrder[B any](jobs int, s stages[B]) error {
	if jobs <= 1 {
		return oneByOne(s)
	}
	ends := &flow[B]{
		free: make(chan *place[B], 2*jobs+2), // what the two other stages hold, and some to lie ready between them
		work: make(chan *place[B], 2*jobs+2),
		line: make(chan *place[B], 2*jobs+2),
		quit: make(chan struct{}),
	}
	for range cap(ends.free) {
		ends.free <- &place[B]{batch: new(B), done: make(chan struct{}, 1)}
	}
	filled := make(chan struct{})
	go func() {
		defer close(filled)
		ends.fill(s.Fill)
	}()
	for worker := range jobs {
		go ends.process(worker, s.Work)
	}
	err := ends.use(s.Use)
	close(ends.quit)
	<-filled // Fill has let go of its source
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

// place is a batch on its way, with the word that its work is done.
type place[B any] struct {
	batch *B
	done  chan struct{}
}

type flow[B any] struct {
	free, work, line chan *place[B]
	quit             chan struct{}
}

func (f *flow[B]) fill(fill func(*B) bool) {
	defer close(f.line)
	defer close(f.work)
	for {
		select {
		case <-f.quit:
			return
		case p := <-f.free:
			if !fill(p.batch) {
				return
			}
			f.work <- p // never blocks: there are no more places than room
			f.line <- p
		}
	}
}

func (f *flow[B]) process(worker int, work func(int, *B)) {
	for p := range f.work {
		work(worker, p.batch)
		p.done <- struct{}{}
	}
}

func (f *flow[B]) use(use func(*B) error) error {
	for p := range f.line {
		<-p.done
		if err := use(p.batch); err != nil {
			return err
		}
		f.free <- p
	}
	return nil
}
