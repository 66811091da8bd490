module github.com/auditprof/auditprof

go 1.26.0

require (
	github.com/HdrHistogram/hdrhistogram-go v1.4.0 // latencies of a workload, at any range without allocation
	github.com/aymanbagabas/go-udiff v0.4.1 // unified diffs of rule files
	github.com/chromedp/cdproto v0.159.0 // events of that browser
	github.com/chromedp/chromedp v0.23.0 // tests of the HTML report drive a real browser
	github.com/cilium/ebpf v0.22.0 // which kernel probes the machine allows; the explain slot
	github.com/elastic/go-libaudit/v2 v2.6.2 // the netlink socket of the audit system
	github.com/google/pprof v0.0.0-20261016150608-1facf8f91b50 // profiles for go tool pprof
	github.com/joshdk/go-junit v1.0.0 // tests: reads the JUnit XML of a verdict as a CI server would
	github.com/klauspost/compress v1.20.3 // zstd logs
	github.com/owenrumney/go-sarif/v3 v3.3.1 // tests: validates SARIF against its schema
	github.com/rogpeppe/go-internal v1.16.0 // testscript: the command line is tested as scripts
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // results are validated against the published schema
	github.com/shirou/gopsutil/v3 v3.24.5 // facts of the host, CPU times of the machine
	github.com/spf13/cobra v1.10.2 // command line
	go.yaml.in/yaml/v3 v3.0.6 // keep files and Sigma rules, with positions
	golang.org/x/perf v0.0.0-20260908200009-22c9c6c9d4da // slots in the format that benchstat reads
	golang.org/x/sys v0.49.0 // system calls
	golang.org/x/term v0.47.0 // width of the terminal
	gonum.org/v1/gonum v0.17.0 // linear algebra under the least squares
	gonum.org/v1/plot v0.17.0 // plots
	modernc.org/sqlite v1.61.1 // a real database as a workload, without cgo
)

require (
	codeberg.org/go-fonts/liberation v0.5.0 // indirect
	codeberg.org/go-latex/latex v0.2.0 // indirect
	codeberg.org/go-pdf/fpdf v0.11.1 // indirect
	git.sr.ht/~sbinet/gg v0.7.0 // indirect
	github.com/aclements/go-moremath v0.0.0-20210112150236-f10218a38794 // indirect
	github.com/ajstarks/svgo v0.0.0-20211024235047-1546f124cd8b // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	github.com/go-ole/go-ole v1.2.6 // indirect
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/lufia/plan9stats v0.0.0-20211012122336-39d0f177ccd0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/power-devops/perfstat v0.0.0-20210106213030-5aafc221ea8c // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/shoenig/go-m1cpu v0.1.6 // indirect
	github.com/spf13/pflag v1.0.10 // indirect
	github.com/tklauser/go-sysconf v0.3.12 // indirect
	github.com/tklauser/numcpus v0.6.1 // indirect
	github.com/xeipuuv/gojsonpointer v0.0.0-20180127040702-4e3ac2762d5f // indirect
	github.com/xeipuuv/gojsonreference v0.0.0-20180127040603-bd5ef7bd5415 // indirect
	github.com/xeipuuv/gojsonschema v1.2.0 // indirect
	github.com/yusufpapurcu/wmi v1.2.4 // indirect
	golang.org/x/image v0.46.0 // indirect
	golang.org/x/text v0.42.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	modernc.org/libc v1.79.0 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)
