// Package purchase leads from a deal to a paid order: choosing, holding, paying at the gateway's page, and what came of
// it.
//
//	GET  /d/{deal}/order        choose an option and a number, read the terms once more
//	POST /d/{deal}/order        hold ──► GET /o/{order}/pay
//	POST /o/{order}/pay         prepare ──► the gateway's page
//	GET  /pay/{payment}/return  capture (again is the same) ──► GET /o/{order}/done
//	GET  /pay/{payment}/fail    back to the hold
//	POST /o/{order}/cancel      give the hold up
//
// Only the gateway's return changes something by GET, and doing it twice does it once. Other people's orders do not
// exist here. The package decides nothing: it words what flow/checkout and the nouns answer.
package purchase
