// Package storefront is what everybody sees: the neighbourhood's page, the choice of a neighbourhood, search, a deal's
// page with its live ring, and the public figures of the money that is kept apart. Its folder purchase leads from a
// deal to a paid order, listing shows the shops that are no members, and word says what they share.
//
// Every page works without script; a script makes the ring move and offers the place where one stands. Lists follow
// market/catalog's published order. The package will not decide a rule, write to the database (flow/follow and
// flow/checkout do), or show who bought what: happenings are told without names.
package storefront
