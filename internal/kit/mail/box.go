package mail

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Box keeps mails in the table kit_mail, to be read on a page instead of in a mailbox.
type Box struct {
	database *db.DB
}

// NewBox gives the post office of a database.
func NewBox(database *db.DB) *Box { return &Box{database} }

const mailColumns = `id, recipient, recipient_name, subject, plain, html, at`

// Send keeps the message; the same ID again changes nothing.
func (b *Box) Send(ctx context.Context, message Message) error {
	if err := message.Check(); err != nil {
		return err
	}
	return b.database.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO kit_mail (`+mailColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (id) DO NOTHING`, message.ID, message.To, message.Name, message.Subject, message.Text,
			message.HTML, db.Micros(message.At))
		return err
	})
}

func scanMail(row db.Row) (Message, error) {
	var m Message
	err := row.Scan(&m.ID, &m.To, &m.Name, &m.Subject, &m.Text, &m.HTML, db.Time(&m.At))
	return m, err
}

// To lists the newest mails kept for an address, at most limit.
func (b *Box) To(ctx context.Context, address string, limit int) ([]Message, error) {
	return db.All(ctx, b.database, scanMail, `SELECT `+mailColumns+` FROM kit_mail
		WHERE recipient = $1 ORDER BY at DESC, id DESC LIMIT $2`, address, limit)
}

// Newest lists the newest mails kept for anybody, at most limit.
func (b *Box) Newest(ctx context.Context, limit int) ([]Message, error) {
	return db.All(ctx, b.database, scanMail, `SELECT `+mailColumns+` FROM kit_mail
		ORDER BY at DESC, id DESC LIMIT $1`, limit)
}

// Find gives one kept mail, or db.ErrNoRow.
func (b *Box) Find(ctx context.Context, id string) (Message, error) {
	return db.One(ctx, b.database, scanMail, `SELECT `+mailColumns+` FROM kit_mail WHERE id = $1`, id)
}
