package record

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestLastQuote(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 5000 {
		b := make([]byte, n%40)
		for i := range b {
			if b[i] = byte(r.IntN(256)); r.IntN(8) == 0 {
				b[i] = []byte{'"', '!', '#', '"' ^ 0x80}[r.IntN(4)] // its neighbours among them
			}
		}
		if got, want := lastQuote(b), bytes.LastIndexByte(b, '"'); got != want {
			t.Fatalf("%q: %d, want %d", b, got, want)
		}
	}
}
