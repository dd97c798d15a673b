// Package till takes captured money of members into escrows, that of many members of many wishes at once.
//
// It makes shares, and counts them on their escrows while members pay. It owns no table, and writes nothing of a share
// after its first row: what becomes of it is escrow's.
package till
