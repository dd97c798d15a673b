// Package category holds kinds of shops and deals as data: two levels, what a visitor looks for first (먹거리) and what it
// is (한식). Codes are readable and never change their meaning ("eat", "eat.korean").
//
// It owns the table category, the shipped tree, and the table that translates the industries of the public shop
// register (상권업종, in the classifications before and since 2023) into ours.
//
// It will not count or rank shops.
package category
