package scenarios

import (
	"go.yaml.in/yaml/v3"
)

// readUsers: each has a name and a weight, both said, so that nobody takes a list of names for equal shares.
func readUsers(f *definition, d *document, n *yaml.Node) {
	f.usersAt = n
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 || len(n.Content) > MaxUsers {
		d.fail(n, "users takes a list of 1 to %d users, as [{user: alice, weight: 3}, {user: bob, weight: 1}]", MaxUsers)
		return
	}
	for i, entry := range n.Content {
		f.Users[i] = readWeighted(f, d, entry)
		for _, before := range f.Users[:i] {
			if before.Name != "" && before.Name == f.Users[i].Name {
				d.fail(entry, "user %s is here a second time: give it the weights of both", printable(before.Name))
			}
		}
	}
}

// readWeighted reads one of the users.
func readWeighted(f *definition, d *document, n *yaml.Node) (u User) {
	var seen []string
	readFields(f, d, n, "one of users", []field{
		{"user", func(_ *definition, d *document, n *yaml.Node) {
			u.Name, seen = readAccount(d, n), append(seen, "user")
		}},
		{"weight", func(_ *definition, d *document, n *yaml.Node) {
			u.Weight, seen = int(d.number(n, "weight", 1, maxWeight)), append(seen, "weight")
		}},
	})
	if n.Kind == yaml.MappingNode && len(n.Content) > 0 && len(seen) < 2 {
		d.fail(n, "one of users has a user and a weight, as {user: alice, weight: 3}")
	}
	return u
}

// checkUsers refuses what does not go with users.
func (f *definition) checkUsers(d *document) bool {
	switch {
	case len(f.command.argv) > 0:
		d.fail(f.usersAt, "users are for a mix: a command is run by one, its user")
	case f.Account != "":
		d.fail(f.usersAt, "user and users: give one of them")
	case f.workersAt != nil:
		d.fail(f.workersAt, "workers and users: each user has one process, so leave workers out")
	default:
		return true
	}
	return false
}
