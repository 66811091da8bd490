package scenarios

import (
	"embed"
	"fmt"
	"sync"
)

//go:embed library/*.yaml
var libraryFiles embed.FS

// shipped is the order in which scenarios are shown and run: first the eight that are run unless others are named. Those in Go are where a mix
// cannot express it.
var shipped = []struct {
	name string
	code *scenario // nil: library/NAME.yaml
}{
	{"db-churn", &dbChurn},
	{"connect-storm", nil},
	{"exec-storm", nil},
	{"exec-storm-login", nil},
	{"file-churn", nil},
	{"file-churn-login", nil},
	{"null-syscall", nil},
	{"idle", nil},

	{"rdwr", nil},
	{"stat-storm", nil},
	{"open-close", nil},
	{"perm-churn", nil},
	{"failed-access", nil},
	{"tree-walk", nil},
	{"interp-start", nil},
	{"compile", nil},
	{"package-install", nil},
	{"auth-noise", nil},
	{"accept-http", nil},
	{"super-producer", &superProducer},
	{"mixed", nil},

	{"compile-cc", nil},
	{"pgbench", &pgbench},
}

// defaults is how many of shipped are run where nobody names one.
const defaults = 8

// library is all shipped scenarios.
var library = sync.OnceValue(func() (list []scenario) {
	for _, s := range shipped {
		list = append(list, load(s.name, s.code))
	}
	return list
})

// load reads one shipped scenario. What is in the program itself must be right.
func load(name string, code *scenario) scenario {
	if code != nil {
		return *code
	}
	text, err := Source(name)
	if err != nil {
		panic(err)
	}
	f, err := parse(name+".yaml", text)
	if err != nil {
		panic(fmt.Sprintf("embedded scenario: %v", err))
	}
	return f.scenario()
}

// Source is the YAML text of a shipped scenario; those in Go have none.
func Source(name string) (string, error) {
	text, err := libraryFiles.ReadFile("library/" + name + ".yaml")
	if err != nil {
		return "", fmt.Errorf("scenario %.60q has no YAML form: it is Go code", name)
	}
	return string(text), nil
}
