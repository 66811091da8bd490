package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
