// Package signup is the journey of a person from a stranger to an account, and through its doors.
//
//	SignUp ─► job signup.greet ─► mail ─► Confirm ─► account, signed in
//	                         └─► "you have an account already"
//	SignIn ─► session            RequestReset ─► job signup.reset ─► mail ─► Reset ─► signed in, all else ended
//	PrepareSetup ─► link on the console ─► FirstRun ─► first admin ─► CreateStaff ─► job signup.welcome ─► mail ─► Reset
//
// Nobody learns which addresses have an account: asking writes the same rows and takes the same time either way, and
// the difference is told in the mailbox alone. Secrets of links are made by the jobs that mail them and are kept as
// hashes. Passwords are hashed before a transaction opens, because a hash takes longer than any transaction may.
package signup
