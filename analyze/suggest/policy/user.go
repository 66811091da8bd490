package policy

import (
	"strconv"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// unset is the auid of what no login began.
const unset = "4294967295"

// Who a number belongs to, by convention: login.defs(5) UID_MIN (500 up to RHEL 6), systemd's UIDS-GIDS.md (dynamic users 61184 to 65519), nobody.
// That an account has no shell does not make a service of a person: who may only upload files has none.
const (
	firstOldPerson = 500
	firstPerson    = 1000
	firstDynamic   = 61_184
	lastDynamic    = 65_519
	nobody         = 65_534
)

func number(s string) uint32 {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 1<<32 - 1
	}
	return uint32(n)
}

// serviceUser tells whether a number is by convention that of a service.
func serviceUser(uid string) bool {
	n := number(uid)
	return uid != "" && (n > 0 && n < firstPerson || n == nobody)
}

// user judges the conditions on users. That somebody else is meant than the service whose noise it is does not show here: the uid of a process is
// the kernel's own word, in a user namespace too.
func (p *Policy) user(v *verdict, x *exclusion) {
	switch n := number(x.uid); {
	case x.uid == "":
		v.say(suggest.High, "no user is named: whoever may run the program could hide in it")
	case p.host.isPerson(n):
		v.say(suggest.Medium, "uid %s has a home among people's: what somebody with that account does would go too", quotedPath(x.uid))
	case n == 0 || serviceUser(x.uid):
		if n >= firstOldPerson && n < firstPerson && p.host.users[n] == nil {
			v.assume("uid %s is a service's and no person's, as it may be on hosts that were set up long ago: look with getent passwd %s", x.uid, x.uid)
		}
	case n >= firstDynamic && n <= lastDynamic:
		v.say(suggest.Medium, "uid %s is given out anew at each start (systemd DynamicUser): tomorrow it may be another service's", quotedPath(x.uid))
	default:
		v.say(suggest.Medium, "uid %s is a person's: what somebody with that account does would go too", quotedPath(x.uid))
	}
	p.login(v, x)
}

// login judges the condition on auid: what people do in a session stays visible.
func (p *Policy) login(v *verdict, x *exclusion) {
	switch {
	case x.auid == unset:
	case x.auid == "" && anyLogin(x.of):
		v.say(suggest.Medium, "part of the noise comes from a login, and what people do logged in would go too")
	case x.auid == "":
		v.say(suggest.Medium, "what people do logged in would go too (auid=%s would keep it)", unset)
	case serviceUser(x.auid):
	default:
		v.say(suggest.Medium, "the noise comes from logins of uid %s: what that person does there would go too", quotedPath(x.auid))
	}
}

func anyLogin(of []*suggest.Behaviour) bool {
	for _, b := range of {
		if b.AUID != 1<<32-1 {
			return true
		}
	}
	return false
}
