package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/hostlog"
)

// A log that names more paths than there is room for does not push out those that it names most often.
func TestPathsOfLogsAreTheMostFrequent(t *testing.T) {
	flood := hostlog.Guest{Till: 1, Events: 60_000, Make: func(i int, _ *rand.Rand) hostlog.Event {
		name := strconv.Itoa(i)
		a := hostlog.Person(hostlog.Mallory, 48_000, 7, "/home/mallory/p"+name, "p")
		return a.Open("/home/mallory/d"+name+"/f", hostlog.ReadOnly, hostlog.ModeFile, hostlog.Mallory)
	}}
	file := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(file, hostlog.Text(hostlog.Options{PerDay: 2000, Guests: []hostlog.Guest{flood}}), 0o600); err != nil {
		t.Fatal(err)
	}
	list, more, err := Command{}.pathsOfLogs(context.Background(), []string{file})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != maxLookedPaths || more < 100_000 {
		t.Errorf("%d paths, %d more", len(list), more)
	}
	for _, want := range []string{hostlog.PostgresExe, hostlog.PostgresData, hostlog.PostgresData + "/base", "/usr/sbin/pgbouncer", "/home/mallory"} {
		if !slices.Contains(list, want) {
			t.Errorf("%s is not among them", want)
		}
	}
	if _, _, err := (Command{}).pathsOfLogs(context.Background(), []string{file + "x"}); err == nil {
		t.Error("a log that is not there has paths")
	}
}

// What a flood of long, deep names may cost is bounded: folders of each, and bytes of all.
func TestPathsOfLogsAreBounded(t *testing.T) {
	n := namesInLog{events: map[string]int{}}
	n.add(strings.Repeat("/d", 2000)+"/f", true)
	if len(n.events) != maxFolders || n.events["/d"] != 1 || n.events[strings.Repeat("/d", maxFolders)] != 1 {
		t.Errorf("%d folders of one name", len(n.events))
	}
	long := "/" + strings.Repeat("x", 4000)
	for i := range 2 * maxCountedBytes / len(long) {
		n.add(long+strconv.Itoa(i), false)
	}
	kept := 0
	for name := range n.events {
		kept += len(name)
	}
	if kept != n.bytes || kept > maxCountedBytes || kept < maxCountedBytes-2*len(long) || n.beyond == 0 {
		t.Errorf("%d bytes of names are kept, %d counted, %d beyond", kept, n.bytes, n.beyond)
	}
	n.add("/d/f", true)
	if n.events["/d"] != 2 {
		t.Error("what is known is counted no longer")
	}
}
