// Package routetable tells which patterns a http.ServeMux knows, which the standard library keeps to itself: tests that
// must visit every address of a site ask the site itself, so that a new address cannot be forgotten.
//
// It reads unexported fields by reflection and fails when they are not where they were. It will not be used by anything
// but tests.
package routetable
