package scenarios

import "math/rand/v2"

// deck deals its cards in shuffled order and shuffles again when all are dealt.
type deck struct {
	cards []counted
	next  int
	rand  *rand.Rand
}

func newDeck(cards []counted, r *rand.Rand) *deck {
	d := &deck{cards: cards, rand: r}
	d.shuffle()
	return d
}

func (d *deck) draw() counted {
	if d.next == len(d.cards) {
		d.shuffle()
	}
	c := d.cards[d.next]
	d.next++
	return c
}

func (d *deck) shuffle() {
	d.next = 0
	if len(d.cards) > 1 {
		d.rand.Shuffle(len(d.cards), func(i, j int) { d.cards[i], d.cards[j] = d.cards[j], d.cards[i] })
	}
}
