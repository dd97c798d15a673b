package lite

import (
	"errors"
	"io"
	"os"
)

// Copy copies a file to a new one, down to the disk: a database that nobody has open, or what lies beside it. It never
// writes over anything.
func Copy(target, source string) error {
	from, err := os.Open(source)
	if err != nil {
		return err
	}
	to, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.Join(err, from.Close())
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Sync(), to.Close(), from.Close())
}
