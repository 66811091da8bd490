// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// What the explain slot sees of the kernel: how long each system call of the watched threads took between the raw tracepoints sys_enter and
// sys_exit, when the watched threads ran, waited and slept, and where in the kernel they were when a clock ticked.
//
// Both halves of audit's work lie between the two tracepoints (kernel/entry/syscall-common.c), so no probe inside of audit is needed.

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

// From include/uapi/linux/bpf.h: enum bpf_map_type, bpf_raw_tracepoint_args.
#define HASH 1
#define PERCPU_ARRAY 6
#define NO_EXIST 1

struct bpf_raw_tracepoint_args {
	__u64 args[0];
};

// The few fields of the kernel that are read. Their places are filled in when the program is loaded.
struct task_struct {
	int pid;
	int tgid;
	unsigned int __state; // since 5.14
} __attribute__((preserve_access_index));

struct task_struct___before_5_14 {
	long state;
} __attribute__((preserve_access_index));

#define MAX_THREADS 16384
#define CALL_ROWS 512 // the last one is for all numbers from 511 on
#define STEPS 322     // below 64 ns; 16 steps in each of 20 octaves; from 2^26 ns on
#define FIRST_OCTAVE 6
#define LAST_OCTAVE 25
#define MAX_STACKS 8192
#define STACK_DEPTH 32 // innermost functions; audit's are near the inner end

enum kind { WORKLOAD, AUDITD, KAUDITD, KINDS };
enum state { UNKNOWN, RUNNING, WAITING, SLEEPING };

// thread is a watched thread.
struct thread {
	__u64 since;   // when its state began, ns of CLOCK_MONOTONIC
	__u64 entered; // when the call began that it is in, 0 for none
	__u64 asleep;  // within that call, ns
	__u64 waiting; // runnable without a CPU within that call, ns
	__u32 call;    // its number
	__u8 kind;
	__u8 state;
	__u8 left; // it was off its CPU within that call
	__u8 unused;
};

// calls is one system call number on one CPU.
struct calls {
	__u64 count;
	__u64 on_cpu;
	__u64 asleep;
	__u64 waiting;
	__u32 steps[STEPS]; // calls that never left their CPU, by their time
};

// turns is the time of all threads of a kind on one CPU.
struct turns {
	__u64 on_cpu;
	__u64 waiting;
	__u64 switches;
};

// place is where a clock tick found a thread of a kind.
struct place {
	__u64 kind;
	__u64 stack[STACK_DEPTH]; // return addresses from the innermost on, then zeros; all zeros: not in the kernel
};

struct {
	__uint(type, HASH);
	__uint(max_entries, MAX_THREADS);
	__type(key, __u32);
	__type(value, struct thread);
} threads SEC(".maps");

struct {
	__uint(type, PERCPU_ARRAY);
	__uint(max_entries, CALL_ROWS);
	__type(key, __u32);
	__type(value, struct calls);
} all_calls SEC(".maps");

struct {
	__uint(type, PERCPU_ARRAY);
	__uint(max_entries, KINDS);
	__type(key, __u32);
	__type(value, struct turns);
} all_turns SEC(".maps");

// unwatched counts threads for which there was no room, then ticks.
struct {
	__uint(type, PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} unwatched SEC(".maps");

// here is where a tick's place is put together: it is too large for a program's own stack.
struct {
	__uint(type, PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct place);
} here SEC(".maps");

struct {
	__uint(type, HASH);
	__uint(max_entries, MAX_STACKS);
	__type(key, struct place);
	__type(value, __u64);
} ticks SEC(".maps");

static __always_inline struct thread *thread_of(__u32 pid)
{
	return bpf_map_lookup_elem(&threads, &pid);
}

static __always_inline struct thread *current_thread(void)
{
	return thread_of((__u32)bpf_get_current_pid_tgid());
}

static __always_inline struct turns *turns_of(struct thread *t)
{
	__u32 kind = t->kind;
	return bpf_map_lookup_elem(&all_turns, &kind);
}

// step_of is the place of a time in calls.steps.
static __always_inline __u32 step_of(__u64 ns)
{
	if (ns < 1 << FIRST_OCTAVE)
		return 0;
	if (ns >= 1ULL << (LAST_OCTAVE + 1))
		return STEPS - 1;
	__u32 v = ns, octave = 0;
	if (v >> 16) {
		octave += 16;
		v >>= 16;
	}
	if (v >> 8) {
		octave += 8;
		v >>= 8;
	}
	if (v >> 4) {
		octave += 4;
		v >>= 4;
	}
	if (v >> 2) {
		octave += 2;
		v >>= 2;
	}
	octave += v >> 1;
	return 1 + 16 * (octave - FIRST_OCTAVE) + ((ns >> (octave - 4)) & 15);
}

SEC("raw_tp/sys_enter")
int on_enter(struct bpf_raw_tracepoint_args *ctx)
{
	struct thread *t = current_thread();
	if (!t || t->kind != WORKLOAD)
		return 0;
	t->call = ctx->args[1];
	t->asleep = 0;
	t->waiting = 0;
	t->left = 0;
	t->entered = bpf_ktime_get_ns();
	return 0;
}

SEC("raw_tp/sys_exit")
int on_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct thread *t = current_thread();
	if (!t || !t->entered)
		return 0;
	__u64 wall = bpf_ktime_get_ns() - t->entered;
	t->entered = 0;
	__u32 row = t->call;
	if (row >= CALL_ROWS)
		row = CALL_ROWS - 1;
	struct calls *c = bpf_map_lookup_elem(&all_calls, &row);
	if (!c)
		return 0;
	__u64 off = t->asleep + t->waiting;
	c->count++;
	c->on_cpu += wall > off ? wall - off : 0;
	if (t->left) {
		c->asleep += t->asleep;
		c->waiting += t->waiting;
		return 0;
	}
	__u32 step = step_of(wall);
	asm volatile("" : "+r"(step)); // the verifier does not follow the arithmetic, and the compiler would drop the check
	if (step < STEPS)
		c->steps[step]++;
	return 0;
}

// leaves ends a thread's turn on the CPU.
static __always_inline void leaves(struct thread *t, __u64 now, __u8 state)
{
	struct turns *turns = turns_of(t);
	if (turns && t->state == RUNNING)
		turns->on_cpu += now - t->since;
	t->state = state;
	t->since = now;
	t->left = 1;
}

// comes begins a thread's turn on the CPU.
static __always_inline void comes(struct thread *t, __u64 now)
{
	struct turns *turns = turns_of(t);
	if (t->state == SLEEPING)
		t->asleep += now - t->since;
	if (t->state == WAITING)
		t->waiting += now - t->since;
	if (turns) {
		if (t->state == WAITING)
			turns->waiting += now - t->since;
		turns->switches++;
	}
	t->state = RUNNING;
	t->since = now;
}

static __always_inline int runnable(struct task_struct *p)
{
	if (bpf_core_field_exists(p->__state))
		return BPF_CORE_READ(p, __state) == 0;
	struct task_struct___before_5_14 *old = (void *)p;
	return BPF_CORE_READ(old, state) == 0;
}

// A thread that is preempted stays runnable whatever its state says (kernel/sched/core.c: __schedule).
SEC("raw_tp/sched_switch")
int on_switch(struct bpf_raw_tracepoint_args *ctx)
{
	struct thread *prev = current_thread();
	struct task_struct *to = (void *)ctx->args[2];
	struct thread *next = thread_of(BPF_CORE_READ(to, pid));
	__u64 now = bpf_ktime_get_ns();
	if (prev) {
		int stays = (ctx->args[0] & 1) || runnable((void *)ctx->args[1]);
		leaves(prev, now, stays ? WAITING : SLEEPING);
	}
	if (next)
		comes(next, now);
	return 0;
}

SEC("raw_tp/sched_wakeup")
int on_wakeup(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *p = (void *)ctx->args[0];
	struct thread *t = thread_of(BPF_CORE_READ(p, pid));
	if (!t || t->state == RUNNING || t->state == WAITING)
		return 0;
	__u64 now = bpf_ktime_get_ns();
	if (t->state == SLEEPING)
		t->asleep += now - t->since;
	t->state = WAITING;
	t->since = now;
	return 0;
}

static __always_inline void no_room(__u32 what)
{
	__u64 *n = bpf_map_lookup_elem(&unwatched, &what);
	if (n)
		(*n)++;
}

static __always_inline void watch(__u32 pid, struct thread *t)
{
	if (bpf_map_update_elem(&threads, &pid, t, 0) != 0)
		no_room(0);
}

// Threads and children of the workload are the workload's; of auditd only its own threads count.
SEC("raw_tp/sched_process_fork")
int on_fork(struct bpf_raw_tracepoint_args *ctx)
{
	struct thread *parent = current_thread();
	if (!parent)
		return 0;
	struct task_struct *child = (void *)ctx->args[1];
	if (parent->kind != WORKLOAD && BPF_CORE_READ(child, tgid) != bpf_get_current_pid_tgid() >> 32)
		return 0;
	struct thread t = {};
	t.kind = parent->kind;
	t.state = WAITING;
	t.since = bpf_ktime_get_ns();
	watch(BPF_CORE_READ(child, pid), &t);
	return 0;
}

// A thread that executes a program takes over the number of its group's leader (fs/exec.c: de_thread).
SEC("raw_tp/sched_process_exec")
int on_exec(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 was = ctx->args[1], now = (__u32)bpf_get_current_pid_tgid();
	if (was == now)
		return 0;
	struct thread *t = thread_of(was);
	if (!t)
		return 0;
	struct thread copy = *t;
	bpf_map_delete_elem(&threads, &was);
	watch(now, &copy);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int on_end(struct bpf_raw_tracepoint_args *ctx)
{
	struct thread *t = current_thread();
	if (!t)
		return 0;
	leaves(t, bpf_ktime_get_ns(), SLEEPING);
	__u32 pid = (__u32)bpf_get_current_pid_tgid();
	bpf_map_delete_elem(&threads, &pid);
	return 0;
}

SEC("perf_event")
int on_tick(void *ctx)
{
	struct thread *t = current_thread();
	if (!t)
		return 0;
	__u32 zero = 0;
	struct place *at = bpf_map_lookup_elem(&here, &zero);
	if (!at)
		return 0;
	at->kind = t->kind;
	bpf_get_stack(ctx, at->stack, sizeof(at->stack), 0); // zeros where there is none
	__u64 one = 1, *n = bpf_map_lookup_elem(&ticks, at);
	if (!n && bpf_map_update_elem(&ticks, at, &one, NO_EXIST) == 0)
		return 0;
	n = bpf_map_lookup_elem(&ticks, at);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		no_room(1);
	return 0;
}

// The kernel lends ktime, CO-RE reads and stacks to programs under its own licence only.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
