package scenarios

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// stage2 sets the scenario up, says it is ready, obeys orders until stdin ends, and leaves the data directory as it was.
func stage2(name string, stdin io.Reader, stdout io.Writer) error {
	runtime.UnlockOSThread() // of Init: from here on a pinned goroutine would only cost futex calls, at each turn of the scheduler
	line, ok := os.LookupEnv(specVariable)
	if !ok {
		return fmt.Errorf("no %s in the environment: %s is started by stage 1 only", specVariable, stage2Word)
	}
	spec, err := parseSpec([]byte(line), name)
	if err != nil {
		return err
	}
	sc, err := specified(name, spec)
	if err != nil {
		return err
	}
	if err := dieWithParent(); err != nil {
		return err
	}
	dir, err := openDataDir(spec.Dir, spec.KeepWork)
	if err != nil {
		return err
	}
	site := newSite(dir.work(), spec)
	w := sc.work(spec)
	err = w.Setup(site)
	if err != nil {
		err = fmt.Errorf("set up %s: %w", name, err)
	} else {
		r := runner{info: sc.Info, work: w, site: site, pacer: choosePacer(sc.Info, spec), plant: spec.Plant}
		err = obey(&r, stdin, stdout)
	}
	return errors.Join(err, w.Teardown(), dir.close())
}

// work is the workload: that of one worker, or a crew of several.
func (s scenario) work(spec Spec) Workload {
	if s.Workers > 1 && spec.Part == nil {
		return newCrew(s.Workers, spec)
	}
	return s.workload()
}

// specified is the scenario that ships under that name, or that the spec defines.
func specified(name string, spec Spec) (sc scenario, err error) {
	if spec.Definition == "" {
		if sc, err = find(name); err != nil {
			return scenario{}, err
		}
	}
	return spec.scenario(sc)
}

// obey runs each order and reports its outcome. The end of file, also in the middle of an order, is how the harness says stop: no error.
func obey(r *runner, stdin io.Reader, stdout io.Writer) error {
	runtime.GC() // what the set-up left must not be collected in an order
	o := readOrders(stdin, r.ended)
	r.stop = &o.ended
	if servers := r.servers(); len(servers) > 0 {
		var err error
		if r.watched, err = watchServers(servers); err != nil {
			return err
		}
	}
	if err := send(stdout, Ready{true, os.Getpid(), r.servers()}); err != nil {
		return err
	}
	for line := range o.lines {
		ops, err := parseOrder(line, r.info.MaxOps)
		if err != nil {
			return err
		}
		outcome, err := r.run(ops)
		if errors.Is(err, errStopped) {
			return o.err
		}
		if err != nil {
			return err
		}
		// What the order left must not be collected in the next. Not when that has come: the reader of orders is then on its way into read(2), and a stop
		// of the world that falls between its last look and the call waits for it up to a minute (Go 1.26: runtime.reentersyscall,
		// stopTheWorldWithSema, sysmon). Until the answer is sent it sits there for sure.
		runtime.GC()
		if err := send(stdout, outcome); err != nil {
			return err
		}
	}
	return o.err
}
