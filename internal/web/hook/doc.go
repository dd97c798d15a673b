// Package hook receives notices from payment gateways. A notice is a hint to look, never the truth: it is
// verified, kept, answered at once, and the gateway is asked by a job.
package hook
