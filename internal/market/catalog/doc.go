// Package catalog answers what shop windows ask: joined reads over deals, terms, merchants and satisfaction.
//
// It owns no table and writes nothing. Lists follow verified satisfaction, never units sold or payment; the rule is one
// expression (satisfactionOrder) and explained on the page.
package catalog
