package probe

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// symbols are the kernel's functions by address.
type symbols []symbol

type symbol struct {
	address uint64
	name    string
}

// readSymbols reads proc(5) /proc/kallsyms. Only functions are kept, and of those of other modules and of BPF none: audit is not a module.
func readSymbols() (symbols, error) {
	f, err := os.Open("/proc/kallsyms")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseSymbols(f)
}

func parseSymbols(r io.Reader) (symbols, error) {
	var all symbols
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 || !strings.Contains("tTwW", fields[1]) {
			continue
		}
		address, err := strconv.ParseUint(fields[0], 16, 64)
		if err != nil {
			return nil, fmt.Errorf("kallsyms: %.80q is no symbol", lines.Text())
		}
		if address != 0 {
			all = append(all, symbol{address, fields[2]})
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("kallsyms: %w", err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("kallsyms has no addresses: sysctl kernel.kptr_restrict hides them")
	}
	slices.SortFunc(all, func(a, b symbol) int {
		switch {
		case a.address < b.address:
			return -1
		case a.address > b.address:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	return all, nil
}

// name is the function that an address lies in, "" below the first.
func (s symbols) name(address uint64) string {
	i, found := slices.BinarySearchFunc(s, address, func(x symbol, a uint64) int {
		switch {
		case x.address < a:
			return -1
		case x.address > a:
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	if i < 0 {
		return ""
	}
	return s[i].name
}
