// Package listing shows the shops of a neighbourhood that the public register knows and that are no members yet: some
// of them on the neighbourhood's page, all of them page by page, and each on a page of its own, from where its owner
// says that it is theirs.
//
//	GET /r/{region}/shops   by name, or what a search in that region finds
//	GET /shops/{entry}      one shop; of a claimed one it leads to the member's page for good
//
// Nothing here is invented: what the register does not say is not shown, and every page says that nobody of these has
// agreed to anything. The package will not take a claim (web/office does) and knows no prices and no deals.
package listing
