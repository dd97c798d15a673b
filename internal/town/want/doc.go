// Package want is what the people of the demonstration town want together: wishes in every stage, who joins them, and
// the shops that offer. It changes the world through the flows alone.
package want
