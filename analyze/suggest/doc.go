// Package suggest proposes changes of a rule set that remove noise: never rules above the rules that make it, or a narrower form of a noisy rule.
//
// In come the events of a log with their decisions (Learner), a rule set, and those who may object: a Grader (who could hide in a change) and a
// Guard (which detections a change would blind). Out go Proposals, each with what it saves and what is given up, and the Refusals.
//
// It is one way, and each step is a value:
//
//	events ─ Learner ─► Noise (Behaviours with their volumes) ─ Propose(Grader, Guard) ─► []Proposal, []Refusal
//
// A Behaviour is what a rule can ask for (kernel/auditsc.c: audit_filter_rules; kernel/auditfilter.c: audit_filter): program, users, syscall,
// outcome, address family, folder or file. Names are chosen by whoever is audited, so the table is bounded, and what is light is folded into
// the folders above; the volumes stay exact. Candidates are all combinations with a hundredth of the bytes and more, and what is written of
// each is what is predicted from: Lines and the prediction come from the same Change. The choice is greedy, lazily evaluated: bytes by what is
// given up for them.
//
// What it refuses to know: files and users of the machine it runs on, how rule files are written (suggest/place), what is dangerous
// (suggest/policy), what must still be seen (suggest/detect), and whether a change really does what it says: that is proven by replay, where
// match takes the kernel's decision under the changed rules, event by event.
package suggest
