// Package account holds the people who sign in: their address, name, password, staff role, tokens and sign-ins.
//
// An account is born when somebody shows both the link sent to an address and the password chosen with it; until then
// there is only a pending sign-up, of which one address may have several. Passwords are kept as argon2id in PHC form,
// tokens as SHA-256 of 256 random bits.
//
// It owns the tables account, account_pending, account_token and account_session, and reads merchant_member to say in
// which shops an actor works. It will not send mail, will not count tries (kit/limit does) and does not know cookies.
//
// States of an account are two marks, not a list: blocked or not, and the staff role. Ending every sign-in at once is
// a higher session_epoch.
package account
