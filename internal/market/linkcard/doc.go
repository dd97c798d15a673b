// Package linkcard keeps what pasted links said of themselves, for a while: a title, a sentence, a picture of ours.
//
// It owns the table link_card. It reads no address; flow/glimpse does, and writes down what came of it.
package linkcard
