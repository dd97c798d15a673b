// Package directory holds shops as the public register knows them (소상공인시장진흥공단 상가정보): who is there, what trade, where.
// An entry is unclaimed until it is given to a merchant who says that it is his; then the register no longer changes
// what is his to say. Any number may claim an entry: a claim holds nothing until the operator grants it.
//
//	begun ◄─► asked ──► granted ──► released
//	   └────────┴──► refused, withdrawn
//
// It owns the tables directory_entry, directory_unindexed (entries whose search texts are to be written),
// directory_import (what was loaded, when and by whom) and directory_claim, the reading of the register's rows, and the
// search index "entry".
//
// It will not decide in which region or category a row belongs (flow/load asks market/region and market/category), and
// it is not the list of merchants (market/merchant): nobody here has agreed to anything.
package directory
