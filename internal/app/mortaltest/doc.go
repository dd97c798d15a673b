// Package mortaltest kills the platform and the gateway, each a process of its own with a database of its own, at every
// numbered place of paying, cancelling and paying out, and compares their books afterwards. It holds tests only.
package mortaltest
