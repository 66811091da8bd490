package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Bounds of what is read as Sigma rules.
const (
	maxSigmaFiles = 20_000
	maxSigmaBytes = 64 << 20
)

// Sigma is the Sigma rules of a folder that are about what auditd writes.
type Sigma struct {
	Detections []Detection
	Files      int // that were read
	Others     int // rules for other sources of logs, correlations, and files that hold no rule
	Unclear    int // of Detections: rules of which a part is not understood and taken for true of every event
	Remarks    []string
}

// ReadSigma reads the Sigma rules in a file, or in the files *.yml and *.yaml of a folder and those below. Those for product linux are taken that are
// about auditd itself, or about processes, files and connections. Errors are of type *Error, joined, or of opening and reading.
func ReadSigma(path string, host Host) (Sigma, error) {
	files, err := sigmaFiles(path)
	if err != nil {
		return Sigma{}, err
	}
	var out Sigma
	var errs []error
	left := int64(maxSigmaBytes)
	for _, name := range files {
		text, err := readFile(name)
		if err != nil {
			return Sigma{}, err
		}
		if left -= int64(len(text)); left < 0 {
			return Sigma{}, fmt.Errorf("%s holds more than %d bytes of rules: give a folder of it", path, maxSigmaBytes)
		}
		r := newSigmaReader(name, host)
		r.read(string(text), &out)
		out.Files++
		if errs = append(errs, r.errs...); len(errs) >= maxErrors {
			break
		}
	}
	if len(errs) == 0 && len(out.Detections) == 0 {
		out.Remarks = append(out.Remarks, fmt.Sprintf("%s: none of %d Sigma rules is about what auditd writes on Linux", path, out.Others))
	}
	return out, errors.Join(errs...)
}

// sigmaFiles are the rule files of a folder in the order of their names, or the one file.
func sigmaFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read Sigma rules: %w", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != path && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if ext := filepath.Ext(name); !d.Type().IsRegular() || ext != ".yml" && ext != ".yaml" {
			return nil
		}
		if len(files) == maxSigmaFiles {
			return fmt.Errorf("%s holds more than %d rule files: give a folder of it", path, maxSigmaFiles)
		}
		files = append(files, name)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read Sigma rules: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read Sigma rules: no file *.yml or *.yaml is in %s: give the folder that holds them, such as rules/linux of SigmaHQ", path)
	}
	return files, nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read Sigma rules: %w", err)
	}
	defer f.Close()
	return readAll(name, f)
}
