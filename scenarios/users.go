package scenarios

// MaxUsers is the most users that one scenario has.
const MaxUsers = 16

// User is one of several accounts that do a mix at the same time, each in a process of its own.
type User struct {
	Name   string
	Weight int // its share of the operations, 1 to 1000
}

// Users are those of a scenario, in the order of its file; those behind the last have no name. An array, so that descriptions can be compared.
type Users [MaxUsers]User

// List is those that are there, none where the scenario has one user.
func (u Users) List() []User {
	for i, x := range u {
		if x.Name == "" {
			return u[:i:i]
		}
	}
	return u[:]
}

// Shares is how many of ops operations each does; they add up to ops.
func (u Users) Shares(ops uint64) []uint64 {
	var shares []uint64
	for _, t := range u.turns() {
		shares = append(shares, t.count(ops))
	}
	return shares
}

// turns are the operations of one user: in each cycle of so many operations those at these places.
type turns struct {
	cycle int
	at    []int
}

// turns deals the operations out to the users: each is that of the user who is furthest behind its share, the first of them where several are.
// So every cycle has exactly the shares of the weights, and a part of it comes near to them.
func (u Users) turns() []turns {
	list := u.List()
	cycle := 0
	for _, x := range list {
		cycle += x.Weight
	}
	of, due := make([]turns, len(list)), make([]int, len(list))
	for place := range cycle {
		next := 0
		for i, x := range list {
			due[i] += x.Weight
			if due[i] > due[next] {
				next = i
			}
		}
		due[next] -= cycle
		of[next].at = append(of[next].at, place)
	}
	for i := range of {
		of[i].cycle = cycle
	}
	return of
}

// count is how many of ops operations are the user's.
func (t turns) count(ops uint64) uint64 {
	n := ops / uint64(t.cycle) * uint64(len(t.at))
	for _, place := range t.at {
		if uint64(place) < ops%uint64(t.cycle) {
			n++
		}
	}
	return n
}

// number is which of all operations the user's operation i is, from 0.
func (t turns) number(i uint64) uint64 {
	n := uint64(len(t.at))
	return i/n*uint64(t.cycle) + uint64(t.at[i%n])
}
