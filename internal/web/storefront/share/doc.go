// Package share paints the pictures that stand beside addresses of ours in messengers: a deal's, a shop's, and a
// neighbourhood's. What they say is what the page says; the drawing itself is ui/poster's.
package share
