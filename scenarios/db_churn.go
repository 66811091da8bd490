package scenarios

import (
	"errors"
	"fmt"
	"path/filepath"
)

// dbChurn is Go code because its rare work hangs on the transactions of one database: what the checkpoint writes, and what a reconnect
// reads, is what the transactions before it left.
var dbChurn = scenario{
	Info: Info{
		Name:     "db-churn",
		Imitates: "A database server under small transactions: a write-ahead log with checkpoints, a rollback journal made and removed each time, sorts that spill to temporary files, reconnects.",
		Hurts:    "A journal is made and unlinked with every other transaction, and files are opened all the time, so delete and open rules and directory watches record the database instead of intruders.",
		Op:       "transaction",
		Session:  SessionService,
		PilotOps: 200,
		MaxOps:   2_000_000,
		Timed:    true,
	},
	workload: func() Workload { return &databases{} },
}

// Every so many transactions of one database. Short cycles, so that runs of different length have nearly the same shares.
const (
	checkpointEvery = 24
	reconnectEvery  = 16
	sortEvery       = 32
)

// databases takes turns between a database in WAL mode and one with a rollback journal.
type databases struct {
	wal, rollback *database
	turn          int
	counts        struct{ wal, rollback, checkpoint, reconnect, sort *uint64 }
}

// Setup makes both databases and takes one full cycle of each rare kind of work.
func (d *databases) Setup(site *Site) error {
	d.counts.wal = site.Count("wal-transaction")
	d.counts.rollback = site.Count("rollback-transaction")
	d.counts.checkpoint = site.Count("checkpoint")
	d.counts.reconnect = site.Count("reconnect")
	d.counts.sort = site.Count("spilling-sort")
	var err error
	if d.wal, err = createDatabase(filepath.Join(site.Dir, "wal.db"), journalWAL, site.Rand); err != nil {
		return err
	}
	if d.rollback, err = createDatabase(filepath.Join(site.Dir, "rollback.db"), journalDelete, site.Rand); err != nil {
		return err
	}
	for range 2 * sortEvery {
		if err := d.Do(); err != nil {
			return err
		}
	}
	return nil
}

// Do performs one transaction and the rare work that follows it.
func (d *databases) Do() error {
	d.turn++
	db, count := d.wal, d.counts.wal
	if d.turn%2 == 0 {
		db, count = d.rollback, d.counts.rollback
	}
	n := (d.turn + 1) / 2 // of this database, from 1
	*count++
	sorting := n%sortEvery == 0
	if err := db.transaction(sorting); err != nil {
		return fmt.Errorf("%s: %w", db.path, err)
	}
	if sorting {
		*d.counts.sort++
	}
	if err := d.upkeep(db, n); err != nil {
		return fmt.Errorf("%s: %w", db.path, err)
	}
	return nil
}

func (d *databases) upkeep(db *database, n int) error {
	if n%checkpointEvery == 0 && db.journal == journalWAL {
		*d.counts.checkpoint++
		if err := db.run("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			return err
		}
	}
	if n%reconnectEvery == 0 {
		*d.counts.reconnect++
		return db.reconnect()
	}
	return nil
}

// Teardown closes both databases.
func (d *databases) Teardown() error {
	return errors.Join(d.wal.close(), d.rollback.close())
}
