// Command auditprof measures what Linux audit rules cost and which rule makes what.
package main

import (
	"os"
	"runtime"

	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/scenarios"
)

// version is set when the program is built: -ldflags "-X main.version=…".
var version = "unknown"

func init() {
	// Both want the main thread to themselves in their own hidden processes, before any other goroutine runs.
	kernel.InitHidden()
	scenarios.Init()
}

func main() {
	os.Exit(Command{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}.Main(os.Args[1:]))
}

// versionText is what `auditprof version` prints and a run records.
func versionText() string {
	return version + " (" + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + ")"
}
