package analyze

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"
)

type numbers struct{ in, out int }

// Whatever the number of workers and however long each takes, batches are used in the order in which they were filled, each worked on once.
func TestBatchesAreUsedInOrder(t *testing.T) {
	for _, jobs := range []int{1, 2, 3, 8} {
		next, used := 0, 0
		err := inOrder(jobs, stages[numbers]{
			Fill: func(b *numbers) bool {
				*b = numbers{in: next}
				next++
				return next <= 1000
			},
			Work: func(worker int, b *numbers) {
				if worker < 0 || worker >= jobs {
					t.Errorf("worker %d of %d", worker, jobs)
				}
				for range rand.IntN(50) {
					runtime.Gosched()
				}
				b.out += 2 * b.in
			},
			Use: func(b *numbers) error {
				if b.in != used || b.out != 2*used {
					t.Fatalf("batch %d with %d at place %d", b.in, b.out, used)
				}
				used++
				return nil
			},
		})
		if err != nil || used != 1000 {
			t.Fatalf("%d jobs: %v after %d batches", jobs, err, used)
		}
	}
}

func TestAnErrorEndsTheReading(t *testing.T) {
	stop := errors.New("stop")
	for _, jobs := range []int{1, 4} {
		filled, used := 0, 0
		err := inOrder(jobs, stages[numbers]{
			Fill: func(*numbers) bool { filled++; return true }, // an endless log
			Work: func(int, *numbers) {},
			Use: func(*numbers) error {
				if used++; used == 5 {
					return stop
				}
				return nil
			},
		})
		if !errors.Is(err, stop) || used != 5 {
			t.Errorf("%d jobs: %v after %d batches", jobs, err, used)
		}
		at := filled
		runtime.Gosched()
		if filled != at {
			t.Errorf("%d jobs: the log is still read", jobs)
		}
	}
}
