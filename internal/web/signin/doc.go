// Package signin is the doors of the house: signing up, confirming an address, signing in and out, a forgotten
// password, the first setup, one's own account with its devices and tokens, and, in the demonstration town, the mails
// that would have been sent.
//
// Every page works without script. A link in a mail opens a page that asks; only its button acts, since mail programs
// open links by themselves. What an address or a password is worth is decided in flow/signup; nothing here may answer
// differently for an address that has an account.
package signin
