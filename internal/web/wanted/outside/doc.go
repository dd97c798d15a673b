// Package outside is what foreign pages and programs read of wishes: feeds (Atom, RFC 4287, and RSS 2.0), a small page
// for their frames, and its description by oEmbed 1.0 (oembed.com).
//
// Nothing here knows who reads: no cookie is needed, and every answer is the same for everybody of a language. Joining
// happens on our own page, in a window of its own.
package outside
