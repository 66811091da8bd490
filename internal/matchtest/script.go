package matchtest

// Script is what an actor does: steps in order, in one process of one thread.
type Script []Step

// Step are system calls that belong together: a later one may use what an earlier one returned. A shrinker leaves a step out as a whole.
type Step []Call

// Call is one system call of an actor, or a child with a script of its own.
type Call struct {
	Name   string `json:"call"`             // libaudit's name, by the table of the ABI
	Compat bool   `json:"compat,omitempty"` // made through int 0x80, as a program of 32 bits would
	Args   []Arg  `json:"args,omitempty"`
	// Child is what a child does that this call forks (Name is clone); it then exits. Its parent waits for it unless NoWait.
	Child  Script `json:"child,omitempty"`
	NoWait bool   `json:"nowait,omitempty"`
}

// Arg is one argument.
type Arg struct {
	Kind   ArgKind  `json:"k,omitempty"`
	Value  uint64   `json:"v,omitempty"`  // Number: the register; Result: index of the call in its step; Space: bytes
	Text   string   `json:"s,omitempty"`  // Text: what it points to, a NUL is added
	Bytes  []byte   `json:"b,omitempty"`  // Bytes: what it points to
	Vector []string `json:"ss,omitempty"` // Vector: strings, a null pointer is added
}

// ArgKind tells how an argument becomes a register.
type ArgKind uint8

// The kinds of arguments. All but Number and Result are pointers into the arena.
const (
	Number ArgKind = iota
	Result
	Text
	Bytes
	Vector
	Space
)

// pointer tells the kinds that put an address of the arena into the register.
func (k ArgKind) pointer() bool { return k >= Text }

func num(v int) Arg                { return Arg{Value: uint64(int64(v))} }
func res(i int) Arg                { return Arg{Kind: Result, Value: uint64(i)} }
func str(s string) Arg             { return Arg{Kind: Text, Text: s} }
func data(b []byte) Arg            { return Arg{Kind: Bytes, Bytes: b} }
func vector(s ...string) Arg       { return Arg{Kind: Vector, Vector: s} }
func space(n int) Arg              { return Arg{Kind: Space, Value: uint64(n)} }
func call(n string, a ...Arg) Call { return Call{Name: n, Args: a} }

// Calls is how many system calls a script makes, children's included.
func (s Script) Calls() int {
	n := 0
	for _, step := range s {
		for _, c := range step {
			n += 1 + c.Child.Calls()
		}
	}
	return n
}
