// Package letter turns an intent ("tell this person that, in their language") into a mail.
//
// A flow writes a Letter with its transaction (Send); the job mail.send composes and mails it later, and again until it
// is gone. What a letter says stands in the catalogues: for a key k the texts k.subject, k.body (paragraphs parted by
// an empty line) and, with an address, k.button.
//
// It owns the job kind mail.send and the look of mails. A letter waits in the queue as plain text, so nothing secret
// belongs into one: whoever mails a secret link makes the secret when the mail goes out and calls Post.Mail itself.
// It will not decide who gets what, and knows no account.
package letter
