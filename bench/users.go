package bench

import (
	"errors"
	"fmt"
	"os/user"
	"strconv"
)

// Workloads run under numbers that no account has: a service below 1000, as distributions number daemons, and a login user above, as rules
// with auid>=1000 expect. No account is made, so none is left behind.
const (
	serviceFrom, serviceTo = 971, 300
	loginFrom, loginTo     = 47100, 60000
)

// freeIDs finds the two numbers.
func freeIDs() (service, login uint32, err error) {
	if service, err = freeID(serviceFrom, serviceTo); err != nil {
		return 0, 0, err
	}
	login, err = freeID(loginFrom, loginTo)
	return service, login, err
}

// freeID is the first number from one bound to the other that is neither a user nor a group.
func freeID(from, to int) (uint32, error) {
	step := 1
	if to < from {
		step = -1
	}
	for id := from; id != to; id += step {
		_, uerr := user.LookupId(strconv.Itoa(id))
		_, gerr := user.LookupGroupId(strconv.Itoa(id))
		var noUser user.UnknownUserIdError
		var noGroup user.UnknownGroupIdError
		if errors.As(uerr, &noUser) && errors.As(gerr, &noGroup) {
			return uint32(id), nil
		}
	}
	return 0, fmt.Errorf("no user id between %d and %d is free: every one belongs to an account or a group", from, to)
}
