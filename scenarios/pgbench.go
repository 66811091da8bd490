package scenarios

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// pgbench is run where it is asked for by name: it needs PostgreSQL, and takes some seconds to make a cluster.
var pgbench = scenario{
	Info: Info{
		Name:     "pgbench",
		Imitates: "A PostgreSQL server under pgbench -C: TPC-B-like transactions, each on a connection of its own.",
		Hurts:    "Each connection is a process that opens catalogs and tables anew, a dozen files and more before the first row, and a rule on open records them all.",
		Op:       "transaction",
		Session:  SessionService,
		Account:  "postgres",
		Needs:    "PostgreSQL",
		Prepared: true,
		Batching: true,
		PilotOps: 10,
		MaxOps:   100_000,
	},
	workload: func() Workload { return &postgres{} },
}

// postgres is a cluster of its own, on a Unix socket only.
type postgres struct {
	site   *Site
	bin    string // directory of the programs
	data   string // the cluster; it stays from one process to the next
	server *exec.Cmd
	done   *uint64
}

// Limits of waiting for the server.
const (
	postgresStart = 20 * time.Second
	postgresStop  = 4 * time.Second
)

// pgbenchScale is pgbench's -s: 100,000 accounts each.
const pgbenchScale = 2

// postgresPrograms is the folder of the newest installed server: Debian's, then that of others.
func postgresPrograms() (string, error) {
	places, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	places = append([]string{"/usr/bin", "/usr/pgsql/bin"}, places...)
	for i := len(places) - 1; i >= 0; i-- {
		all := true
		for _, program := range []string{"postgres", "initdb", "pgbench", "pg_isready"} {
			_, err := exec.LookPath(filepath.Join(places[i], program))
			all = all && err == nil
		}
		if all {
			return places[i], nil
		}
	}
	return "", errors.New("PostgreSQL is not installed: apt install postgresql, or dnf install postgresql-server postgresql-contrib")
}

// Setup starts the server. The first time it makes the cluster.
func (p *postgres) Setup(site *Site) (err error) {
	p.site, p.done = site, site.Count("transaction")
	if p.bin, err = postgresPrograms(); err != nil {
		return err
	}
	p.data = filepath.Join(filepath.Dir(site.Dir), "cluster")
	_, missing := os.Stat(filepath.Join(p.data, "PG_VERSION"))
	if missing != nil {
		if err := p.run("initdb", "-D", p.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
			return err
		}
	}
	if err := p.start(); err != nil {
		return err
	}
	if missing != nil {
		return p.run("pgbench", "-i", "-q", "-s", strconv.Itoa(pgbenchScale), "-h", site.Dir, "-U", "postgres", "postgres")
	}
	return nil
}

// serverSettings are PostgreSQL's defaults but for these: no network, and no vacuum that would come into one slot and not into another.
func (p *postgres) serverSettings() []string {
	return []string{"-D", p.data, "-c", "listen_addresses=", "-c", "unix_socket_directories=" + p.site.Dir,
		"-c", "autovacuum=off", "-c", "max_wal_size=96MB", "-c", "min_wal_size=32MB", "-c", "log_min_messages=fatal"}
}

// start runs the server as a child, not as a daemon: it ends with this process's group.
func (p *postgres) start() error {
	p.server = exec.Command(filepath.Join(p.bin, "postgres"), p.serverSettings()...)
	p.server.Env, p.server.Dir = plainEnvironment(), p.data
	runtime.LockOSThread() // for good: the signal comes when the thread ends that forked
	p.server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if err := p.server.Start(); err != nil {
		p.server = nil
		return fmt.Errorf("start postgres: %w", err)
	}
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		err := p.run("pg_isready", "-q", "-h", p.site.Dir)
		if err == nil {
			return nil
		}
		if time.Since(began) > postgresStart {
			return fmt.Errorf("postgres does not answer after %v: %w", postgresStart, err)
		}
	}
}

// run runs one of PostgreSQL's programs to its end; the error has its last words.
func (p *postgres) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(p.bin, program), args...)
	cmd.Env, cmd.Dir = append(plainEnvironment(), "HOME="+p.site.Dir), p.site.Dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %.300s", program, err, out[max(0, len(out)-300):])
	}
	return nil
}

// Do is DoMany of one.
func (p *postgres) Do() error { return p.DoMany(1) }

// DoMany runs pgbench for so many transactions: one client, a new connection for each.
func (p *postgres) DoMany(ops uint64) error {
	n := strconv.FormatUint(ops, 10)
	if err := p.run("pgbench", "-n", "-C", "-c", "1", "-t", n, "-h", p.site.Dir, "-U", "postgres", "postgres"); err != nil {
		return err
	}
	*p.done += ops
	return nil
}

// Servers is the postmaster, whose children do the work.
func (p *postgres) Servers() []int { return []int{p.server.Process.Pid} }

// Teardown stops the server fast: open transactions are rolled back.
func (p *postgres) Teardown() error {
	if p.server == nil {
		return nil
	}
	p.server.Process.Signal(syscall.SIGINT)
	force := time.AfterFunc(postgresStop, func() { p.server.Process.Signal(syscall.SIGQUIT) })
	defer force.Stop()
	var exit *exec.ExitError
	if err := p.server.Wait(); err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("stop postgres: %w", err)
	}
	return nil
}

// places are the programs of the server and the folders that it keeps its data in.
func (p *postgres) places(dataDir string) (paths []string) {
	bin, err := postgresPrograms()
	if err != nil {
		return nil
	}
	for _, program := range []string{"postgres", "pgbench"} {
		paths = append(paths, filepath.Join(bin, program))
	}
	for _, dir := range []string{"", "base", "global", "pg_wal"} {
		paths = append(paths, filepath.Join(dataDir, "cluster", dir))
	}
	return paths
}
