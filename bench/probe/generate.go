package probe

// The objects are committed, so that building needs no clang. To make them again: apt-get install clang llvm libbpf-dev, then make generate.
// objects.sum says of which source and by which clang they are.
//
//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target bpfel,bpfeb -type thread -type calls -type turns -type place watch bpf/watch.bpf.c -- -O2 -Wall -Werror
//go:generate sh -c "{ clang --version | head -n 1; sha256sum bpf/watch.bpf.c watch_bpfel.o watch_bpfeb.o; } > bpf/objects.sum"
