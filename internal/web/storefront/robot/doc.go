// Package robot is what search engines read first: which pages are for everybody, and where they are.
//
// It lists the pages of regions, shops and deals that anybody may see, and nothing of anybody's own. It writes nothing.
package robot
