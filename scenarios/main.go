package scenarios

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
)

// Word is the first argument that makes the auditprof binary a workload.
const Word = "__workload"

const stage2Word = "stage2"

// DefinedWord behind the name says that the spec holds the scenario's definition.
const DefinedWord = "defined"

// Init is to be called from an init function of the program. In a workload process it pins the main goroutine to the main thread, the one
// whose credentials stage 1 changes; in any other process it does nothing.
func Init() {
	if len(os.Args) > 1 && os.Args[1] == Word {
		runtime.LockOSThread()
	}
}

// Main runs a workload process. args is what follows Word: the scenario's name, DefinedWord where the spec defines it, "stage2" in the second stage. It returns the exit code:
// 0 after the end of file on stdin, 1 after an error, which is a Failure line on stdout.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	err := dispatch(args, stdin, stdout)
	if err == nil {
		return 0
	}
	if werr := send(stdout, Failure{err.Error()}); werr != nil {
		fmt.Fprintf(stderr, "workload: %v (and the harness cannot be told: %v)\n", err, werr)
	}
	return 1
}

func dispatch(args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("no scenario named: the arguments are %s NAME", Word)
	}
	name := args[0]
	switch {
	case len(args) == 1:
		if _, err := find(name); err != nil {
			return err
		}
		return stage1(name, stdin)
	case len(args) == 2 && args[1] == DefinedWord:
		return stage1(name, stdin)
	case len(args) == 2 && args[1] == stage2Word:
		return stage2(name, stdin, stdout)
	}
	return fmt.Errorf("arguments %.200q: must be NAME, NAME %s or NAME %s", args, DefinedWord, stage2Word)
}

// send writes one value as one line with one write.
func send(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
