# Two targets do everything on a fresh machine with Go and make: `make demo` and `make test`. The others are for those who change the code.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS  = -X main.version=$(VERSION)
TIMEOUT ?= 20m

.PHONY: demo test gate build vet race fuzz fuzz-kernel bench bench-peers generate need need-browser clean

build: bin/auditprof

.PHONY: bin/auditprof
bin/auditprof:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/auditprof

# need installs the Debian, Ubuntu or Fedora packages that are missing, starts no service, and says what it did.
need:
	@sh scripts/need.sh

# The HTML report is tested in a real browser, where there is one or can be one.
need-browser:
	@sh scripts/need-browser.sh

demo: need build
	@sh scripts/demo.sh

# Live tests take an exclusive lock, so packages may run side by side. AUDITPROF_REQUIRE_LIVE=1 turns the skip of a live test into a failure.
test: need need-browser vet
	$(GO) test -timeout $(TIMEOUT) ./...

# The gate over the recorded log of examples/gate and, as root, over a quick live run: under 40 s. AUDITPROF_REQUIRE_LIVE=1 fails where there can be none.
gate: need build
	@sh scripts/gate.sh

vet:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); \
	  if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	$(GO) vet ./...

race: need
	$(GO) test -race -timeout $(TIMEOUT) ./...

# Each fuzz target for a little while: FUZZTIME=10m make fuzz for longer.
FUZZTIME ?= 20s
fuzz:
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg 2>/dev/null | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; done; done

# Random rules and actors on the live kernel, for a little while: FUZZTIME=1h make fuzz-kernel for longer. Where the matcher decides otherwise
# than the kernel, a small case is written to internal/matchtest/testdata; AUDITPROF_SEED=N repeats a plan.
fuzz-kernel: need
	AUDITPROF_KERNEL_FUZZ=$(FUZZTIME) AUDITPROF_REQUIRE_LIVE=1 $(GO) test -count=1 -v -timeout 0 -run '^TestKernelFuzz$$' ./internal/matchtest

# Go benchmarks, then the comparison with other readers of audit logs, which writes the table of docs/performance.md.
bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...
	@$(MAKE) --no-print-directory bench-peers

bench-peers: build
	@GO='$(GO)' sh scripts/peers.sh -doc docs/performance.md

generate:
	$(GO) generate ./...

clean:
	rm -rf bin "$${TMPDIR:-/tmp}/auditprof-biglog-$$(id -u)"
