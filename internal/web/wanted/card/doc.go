// Package card paints the picture that stands beside a wish's shared address.
package card
