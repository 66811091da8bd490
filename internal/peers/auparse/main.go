// Command auparse reads an audit log with go-libaudit's auparse, for comparison: each line's header and all of its fields, which is less
// than an attribution needs, since records are not put together to events and no rule is asked.
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/elastic/go-libaudit/v2/auparse"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: auparse LOG")
		os.Exit(2)
	}
	if err := read(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "auparse:", err)
		os.Exit(1)
	}
}

func read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines, fields, refused := 0, 0, 0
	for s := bufio.NewScanner(f); ; lines++ {
		if !s.Scan() {
			fmt.Printf("%d lines, %d fields, %d lines refused\n", lines, fields, refused)
			return s.Err()
		}
		msg, err := auparse.ParseLogLine(s.Text())
		if err != nil {
			refused++
			continue
		}
		data, err := msg.Data()
		if err != nil {
			refused++
		}
		fields += len(data)
	}
}
