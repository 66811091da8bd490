package scenarios

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"

	"modernc.org/sqlite"
)

// connection is SQLite's driver used directly: database/sql would add goroutines and a pool, and with them futex calls of its own.
//
// SQLite here is the C source translated to Go; its file access is the real unix VFS, with the system calls a C program would make.
type connection struct {
	conn  driver.Conn
	stmts []driver.Stmt
}

// settings of every connection. The small page cache makes SQLite read and write files as a database larger than its memory does.
// synchronous=NORMAL in WAL mode syncs at checkpoints only; with a rollback journal every level but OFF syncs twice per transaction, and
// the wait for a shared disk would drown what is measured, so there it is OFF. Neither changes which files are opened, written and removed.
func settings(journal string) []string {
	synchronous := "NORMAL"
	if journal == journalDelete {
		synchronous = "OFF"
	}
	return []string{
		"page_size(4096)", "journal_mode(" + journal + ")", "synchronous(" + synchronous + ")",
		"wal_autocheckpoint(32)", "temp_store(FILE)", "cache_size(16)",
	}
}

func connect(path, journal string) (*connection, error) {
	query := url.Values{"_pragma": settings(journal)}
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query.Encode()}
	conn, err := new(sqlite.Driver).Open(dsn.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &connection{conn: conn}, nil
}

// run executes one statement without arguments.
func (c *connection) run(sql string) error {
	if _, err := c.conn.(driver.ExecerContext).ExecContext(context.Background(), sql, nil); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// prepare makes a statement that lives as long as the connection.
func (c *connection) prepare(sql string) (driver.Stmt, error) {
	stmt, err := c.conn.Prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", sql, err)
	}
	c.stmts = append(c.stmts, stmt)
	return stmt, nil
}

func execute(stmt driver.Stmt, args []driver.NamedValue) error {
	_, err := stmt.(driver.StmtExecContext).ExecContext(context.Background(), args)
	return err
}

// firstRow runs a query as far as its first row, which takes the whole sort.
func firstRow(stmt driver.Stmt) error {
	rows, err := stmt.(driver.StmtQueryContext).QueryContext(context.Background(), nil)
	if err != nil {
		return err
	}
	err = rows.Next(make([]driver.Value, len(rows.Columns())))
	if err == io.EOF {
		err = errors.New("sort gave no row")
	}
	return errors.Join(err, rows.Close())
}

func (c *connection) close() error {
	var err error
	for _, stmt := range c.stmts {
		err = errors.Join(err, stmt.Close())
	}
	return errors.Join(err, c.conn.Close())
}
