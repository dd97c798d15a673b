// Package round is what a wish's page says and asks when its offers came to nothing and it gathers on: what happened in
// the rounds before, what members may do, and what its lead may decide.
package round
