package rootkey

import (
	"context"
	"crypto/subtle"
	"encoding/hex"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sign"
)

// ErrOther is a database that works with another key than the one at hand.
var ErrOther = fail.New(fail.Conflict, "rootkey.other")

const markBytes = 16

// Agree writes down which key the database works with, or answers ErrOther when that is another one.
func Agree(ctx context.Context, d *db.DB, key sign.Key) error {
	mine := hex.EncodeToString(sign.Derive(key, "root key mark", "", markBytes))
	kept, err := db.All(ctx, d, db.Scalar[string], "SELECT mark FROM kit_root_key")
	if err != nil {
		return err
	}
	if len(kept) == 0 {
		if kept, err = keep(ctx, d, mine); err != nil {
			return err
		}
	}
	if subtle.ConstantTimeCompare([]byte(kept[0]), []byte(mine)) != 1 {
		return ErrOther
	}
	return nil
}

// keep writes the mark unless another node was quicker, and reads what stands there.
func keep(ctx context.Context, d *db.DB, mine string) (kept []string, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, "INSERT INTO kit_root_key (place, mark, at) VALUES (1, $1, $2) ON CONFLICT DO NOTHING",
			mine, db.TimeArg(tx.Now()))
		if err != nil {
			return err
		}
		kept, err = db.All(ctx, tx, db.Scalar[string], "SELECT mark FROM kit_root_key")
		return err
	})
	return kept, err
}
