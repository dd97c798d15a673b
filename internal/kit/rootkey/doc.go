// Package rootkey holds a database and its nodes to one root key.
//
// It owns the table kit_root_key, whose one row is what follows from the key and does not tell it. It keeps no key and
// will not sign: kit/sign does.
package rootkey
