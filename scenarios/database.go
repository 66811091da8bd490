package scenarios

import (
	"database/sql/driver"
	"fmt"
	"math/rand/v2"
)

// Journal modes of SQLite.
const (
	journalWAL    = "WAL"
	journalDelete = "DELETE"
)

const (
	accounts    = 1000 // rows that transactions change
	historyRows = 500  // rows kept in history: each transaction adds one and removes the oldest
	fillerBytes = 100
)

// The statements of a transaction, in order: pgbench's, and a deletion that keeps the file from growing.
var transactionSQL = []string{
	"UPDATE account SET balance = balance + ?1 WHERE id = ?2",
	"INSERT INTO history (account, delta, filler) VALUES (?2, ?1, ?3)",
	"DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?4",
}

// sortSQL sorts 1.2 MB, more than the 250 pages of 4 KiB that SQLite's sorter keeps in memory (SQLITE_SORTER_PMASZ), so it spills to a
// temporary file. This SQLite opens that with O_TMPFILE where the file system can: a PATH record of the directory, and no unlink.
const sortSQL = "SELECT id, zeroblob(4000) FROM account WHERE id <= 300 ORDER BY balance"

// database is one SQLite database and one connection to it.
type database struct {
	path    string
	journal string
	rand    *rand.Rand
	filler  string
	conn    *connection
	steps   []driver.Stmt // transactionSQL prepared
	sort    driver.Stmt
}

func createDatabase(path, journal string, r *rand.Rand) (*database, error) {
	filler := make([]byte, fillerBytes)
	for i := range filler {
		filler[i] = byte('a' + r.IntN(26))
	}
	db := &database{path: path, journal: journal, rand: r, filler: string(filler)}
	conn, err := connect(path, journal)
	if err != nil {
		return nil, err
	}
	db.conn = conn
	if err := db.fill(); err != nil {
		db.close()
		return nil, fmt.Errorf("fill %s: %w", path, err)
	}
	return db, db.reconnect()
}

func (db *database) fill() error {
	for _, sql := range []string{
		"BEGIN",
		"CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL, filler TEXT NOT NULL)",
		"CREATE TABLE history (id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, delta INTEGER NOT NULL, filler TEXT NOT NULL)",
		"CREATE INDEX history_account ON history (account)",
		fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < %d) INSERT INTO account SELECT i, i*7919%%1000, '%s' FROM n", accounts, db.filler),
		fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < %d) INSERT INTO history SELECT i, i, 0, '%s' FROM n", historyRows, db.filler),
		"COMMIT",
	} {
		if err := db.run(sql); err != nil {
			return err
		}
	}
	return nil
}

func (db *database) run(sql string) error { return db.conn.run(sql) }

// transaction changes an account and writes it down; with sorting it also reads everything in order.
func (db *database) transaction(sorting bool) error {
	args := []driver.NamedValue{
		{Ordinal: 1, Value: int64(db.rand.IntN(2001) - 1000)},
		{Ordinal: 2, Value: int64(1 + db.rand.IntN(accounts))},
		{Ordinal: 3, Value: db.filler},
		{Ordinal: 4, Value: int64(historyRows)},
	}
	if err := db.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, step := range db.steps {
		if err := execute(step, args); err != nil {
			return err
		}
	}
	if sorting {
		if err := firstRow(db.sort); err != nil {
			return err
		}
	}
	return db.run("COMMIT")
}

// reconnect closes the connection, which removes -wal and -shm of a WAL database, and opens the files again.
func (db *database) reconnect() error {
	if err := db.close(); err != nil {
		return err
	}
	conn, err := connect(db.path, db.journal)
	if err != nil {
		return err
	}
	db.conn = conn
	for _, sql := range transactionSQL {
		step, err := conn.prepare(sql)
		if err != nil {
			return err
		}
		db.steps = append(db.steps, step)
	}
	db.sort, err = conn.prepare(sortSQL)
	return err
}

// close is safe on a nil or closed database.
func (db *database) close() error {
	if db == nil || db.conn == nil {
		return nil
	}
	conn := db.conn
	db.conn, db.steps, db.sort = nil, nil, nil
	return conn.close()
}
