package event

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// Every byte at every place of a word is told from a digit or taken for one, and the digits before it are what they are.
func TestDigitsOfAWord(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		digits string
		base   int
		read   func(uint64) (uint64, int)
	}{{"0123456789", 10, decimalWord}, {"0123456789abcdef", 16, hexWord}} {
		for place := range 8 {
			for b := range 256 {
				text := make([]byte, 8)
				for i := range text {
					if text[i] = c.digits[r.IntN(len(c.digits))]; i > place && r.IntN(2) == 0 {
						text[i] = byte(r.IntN(256))
					}
				}
				text[place] = byte(b)
				want, count := uint64(0), 0
				for count < 8 && strings.IndexByte(c.digits, text[count]) >= 0 {
					count++
				}
				if count > 0 {
					want, _ = strconv.ParseUint(string(text[:count]), c.base, 64)
				}
				if n, digits := c.read(binary.LittleEndian.Uint64(text)); n != want || digits != count {
					t.Fatalf("base %d: %q is %d with %d digits, want %d with %d", c.base, text, n, digits, want, count)
				}
			}
		}
	}
}

// Numbers of every length, at the end of a text and before more of it, are read as package strconv reads them.
func TestNumbersOfEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for length := range 21 {
		for range 50 {
			var dec, hex strings.Builder
			for range length {
				fmt.Fprint(&dec, r.IntN(10))
				fmt.Fprintf(&hex, "%x", r.IntN(16))
			}
			for _, more := range []string{"", " ", " a=1", " a=1 and more than eight", "x", ":0123456789"} {
				want, err := strconv.ParseUint(dec.String(), 10, 64)
				good := err == nil && length <= 19 && (more == "" || more[0] == ' ')
				text := []byte(dec.String() + more)
				if n, next := decimal(text, 0); good != (next <= len(text)) || good && (n != want || next != length+min(len(more), 1)) {
					t.Fatalf("%q: %d up to %d", text, n, next)
				}
				want, err = strconv.ParseUint(hex.String(), 16, 64)
				text = []byte(hex.String() + more)
				if n, next := hexDigits(text, 0); next != length || err == nil && n != want {
					t.Fatalf("%q: %x up to %d, want %x", text, n, next, want)
				}
			}
		}
	}
}
