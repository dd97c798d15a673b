// Package photo names one kept photograph by a short text, so that a noun can store it among its own words: how large
// it is and under which keys its renditions lie. Keep makes the renditions (kit/picture) and stores them (kit/blob);
// Handler serves them under /photos/, for ever cacheable.
//
// A Ref that begins with "/" is the address of a drawing the program ships (the demonstration town); nothing people
// send becomes one. The package will not say whose a photo is, or when it may be forgotten.
package photo
