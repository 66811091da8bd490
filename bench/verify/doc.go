// Package verify says what a change of a rule set did when old and new set were measured side by side.
//
// In come a run with both sets as arms, its slots, and what a replay of the old arm's logs predicted. Out goes a Verified: volume, CPU and
// canaries before and after, how far the prediction was off, and which proposals cost more than they save.
//
// It refuses to know how a set is measured (bench), how events are foretold (analyze), and how anything is printed (reports).
package verify
