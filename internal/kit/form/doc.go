// Package form reads what people type: url-encoded and multipart forms with hard size limits, and typed getters that
// collect every refusal with its field, so that a page can answer all of them at once.
//
// It owns the limits on bytes, fields and files, the cleaning of text (NFC, trimmed, no NUL, no invalid UTF-8, no
// control or direction-overriding characters) and the codes "form.*" with their catalogue.
//
// It will not read JSON, will not check what a value means to the market, and keeps files in memory only: the limits
// of Options are what bounds that memory.
package form
