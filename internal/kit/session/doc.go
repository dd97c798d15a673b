// Package session remembers a browser between requests.
//
// The cookie holds a random token, the table only its hash. A session ends when it was not used for the idle time, at
// its absolute age, on signing out, and, for all sessions of an account at once, when the account's epoch grows: the
// identity carries the epoch it was made under, and the caller compares. Signing in makes a new token, so a token known
// before is worth nothing after. Reading costs no write; the idle end moves only now and then.
//
// It owns kit_session. It knows no accounts and judges no rights.
package session
