// Package fail is the one error type of the project.
//
// An error has three readers: the program (Kind), the person (Code and Args, looked up in a catalogue of
// their language) and the operator (the wrapped cause). It is mapped to a status once, at the edge.
// Anything that is not a *Error is Internal: the person sees a reference number only.
package fail
