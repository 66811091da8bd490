// Package stat turns samples into estimates: medians, order-statistic intervals, paired ratios, and nanoseconds per record by non-negative
// least squares; and pairs of samples into verdicts: larger, smaller, or cannot tell, and how many rounds could.
//
// What comes in: plain numbers, one per round. What goes out: plain numbers. It refuses to know what a slot, an arm or a metric is, and it
// assumes nothing of how the numbers are distributed: a slot on a shared machine has outliers, and they are kept.
package stat
