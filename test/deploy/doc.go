// Package deploy holds the files of deploy/ to the program: settings they name exist, addresses they probe answer, and
// the program runs in a container that holds nothing else. It has tests only.
package deploy
