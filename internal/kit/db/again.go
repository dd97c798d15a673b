package db

import "github.com/dure-commerce/dure/internal/kit/fail"

// ErrAgain tells that a guard answered zero rows because the figures a decision stood on have changed: roll back and
// decide anew with fresh ones. A lane does so by itself; elsewhere it reaches the caller as "try again".
var ErrAgain = fail.New(fail.Unavailable, "db.again")
