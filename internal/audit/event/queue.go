package event

// queue is events in the order in which they came into it.
type queue struct{ oldest, newest *Event }

func (q *queue) add(ev *Event) {
	if ev.prev = q.newest; ev.prev != nil {
		ev.prev.next = ev
	} else {
		q.oldest = ev
	}
	q.newest = ev
}

func (q *queue) remove(ev *Event) {
	if ev.prev != nil {
		ev.prev.next = ev.next
	} else {
		q.oldest = ev.next
	}
	if ev.next != nil {
		ev.next.prev = ev.prev
	} else {
		q.newest = ev.prev
	}
	ev.prev, ev.next = nil, nil
}
