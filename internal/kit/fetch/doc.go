// Package fetch reads what a stranger's address names, and reaches nothing but the public web: neither this machine,
// nor the network around it, nor what a cloud keeps for its own machines (server-side request forgery).
//
// A name is resolved once, every address it has must be public, and the connection goes to one of those very addresses,
// so that a name which answers differently the second time gains nothing. Each redirect is checked as the first address
// was. Time, size and number of redirects are bounded.
//
// It keeps nothing and knows no format; kit/preview reads what it brings.
package fetch
