package signup

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/right"
)

// PrepareSetup gives the secret of the link by which the first admin signs up, "" once anybody runs the instance. The
// program prints it on the console at its start; an older one dies.
func (s *Signup) PrepareSetup(ctx context.Context) (secret string, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		secret = ""
		exists, err := account.StaffExists(ctx, tx)
		if err != nil || exists {
			return err
		}
		if err := account.RevokeAll(ctx, tx, "", account.PurposeSetup); err != nil {
			return err
		}
		secret, err = account.Issue(ctx, tx, account.Token{
			Purpose: account.PurposeSetup, ExpiresAt: account.SetupUntil(tx.Now()),
		})
		return err
	})
	return secret, err
}

// Settable answers account.ErrLink when a setup link is no longer good.
func (s *Signup) Settable(ctx context.Context, secret string) error {
	_, err := account.Peek(ctx, s.DB, account.PurposeSetup, secret, s.DB.Clock().Now())
	return err
}

// FirstRunCmd makes the first admin; whoever reads the console needs no mail to prove an address.
type FirstRunCmd struct {
	SignUpCmd
	Secret, Device string
}

// FirstRun makes the first admin and signs them in, exactly once in the life of an instance.
func (s *Signup) FirstRun(ctx context.Context, actor market.Actor, cmd FirstRunCmd) (Entered, error) {
	if err := s.Settable(ctx, cmd.Secret); err != nil {
		return Entered{}, err
	}
	p, err := cmd.parse()
	if err != nil {
		return Entered{}, err
	}
	if p.PasswordHash, err = s.Hasher.Hash(ctx, cmd.Password); err != nil {
		return Entered{}, err
	}
	var entered Entered
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := account.Use(ctx, tx, account.PurposeSetup, cmd.Secret); err != nil {
			return err
		}
		exists, err := account.StaffExists(ctx, tx)
		if err != nil {
			return err
		}
		if exists {
			return account.ErrStaffExists
		}
		a := born(tx, p)
		a.Staff = market.RoleAdmin
		if err := account.Insert(ctx, tx, a); err != nil {
			return err
		}
		entered, err = enter(ctx, tx, actor, a, cmd.Device)
		return err
	})
	return entered, err
}

// born is an account whose address needs no confirmation.
func born(tx *db.Tx, p account.Pending) account.Account {
	return account.Account{
		ID: market.AccountID(tx.NewID(market.PrefixAccount)), Email: p.Email, EmailKey: p.EmailKey, Name: p.Name,
		PasswordHash: p.PasswordHash, Locale: p.Locale, ConfirmedAt: tx.Now(), CreatedAt: tx.Now(),
	}
}

// StaffCmd asks somebody to work for the operator.
type StaffCmd struct {
	Email, Name, Locale string
	Role                market.Role
}

// CreateStaff gives a role to an address: its account, or a new one whose owner is mailed a link to set a password.
func (s *Signup) CreateStaff(ctx context.Context, actor market.Actor, cmd StaffCmd) (market.AccountID, error) {
	if err := right.Check(actor, right.AccountStaff, right.Resource{}); err != nil {
		return "", err
	}
	p, err := cmd.parse()
	if err != nil {
		return "", err
	}
	var id market.AccountID
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := account.FindByEmail(ctx, tx, p.EmailKey)
		if errors.Is(err, account.ErrUnknown) {
			a = born(tx, p)
			tx.Enqueue(db.Job{Kind: KindWelcome, Payload: welcoming{AccountID: a.ID}})
			err = account.Insert(ctx, tx, a)
		}
		if err != nil {
			return err
		}
		id = a.ID
		return s.setRole(ctx, tx, actor, RoleCmd{a.ID, cmd.Role})
	})
	return id, err
}

func (c StaffCmd) parse() (account.Pending, error) {
	p, faults := whoTyped(c.Email, c.Name, c.Locale)
	if refusal := account.CheckStaffRole(c.Role); refusal != nil {
		faults = append(faults, refusal)
	}
	return p, faults.Err()
}

// RoleCmd gives an account a role at the operator's; "" takes it away.
type RoleCmd struct {
	AccountID market.AccountID
	Role      market.Role
}

// SetStaffRole gives or takes a role; every sign-in of the person ends, so that the change holds at once.
func (s *Signup) SetStaffRole(ctx context.Context, actor market.Actor, cmd RoleCmd) error {
	if err := right.Check(actor, right.AccountStaff, right.Mine(cmd.AccountID)); err != nil {
		return err
	}
	if refusal := account.CheckStaffRole(cmd.Role); refusal != nil {
		return refusal
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.setRole(ctx, tx, actor, cmd) })
}

func (s *Signup) setRole(ctx context.Context, tx *db.Tx, actor market.Actor, cmd RoleCmd) error {
	if err := account.SetStaffRole(ctx, tx, cmd.AccountID, cmd.Role); err != nil {
		return err
	}
	return note(ctx, tx, actor, right.AccountStaff, cmd.AccountID)
}

// Block shuts an account and ends its sign-ins; Unblock opens it again.
func (s *Signup) Block(ctx context.Context, actor market.Actor, id market.AccountID) error {
	return s.shut(ctx, actor, id, account.Block)
}

// Unblock opens an account that was shut.
func (s *Signup) Unblock(ctx context.Context, actor market.Actor, id market.AccountID) error {
	return s.shut(ctx, actor, id, account.Unblock)
}

type change func(context.Context, *db.Tx, market.AccountID) error

func (s *Signup) shut(ctx context.Context, actor market.Actor, id market.AccountID, change change) error {
	if err := right.Check(actor, right.AccountBlock, right.Mine(id)); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := change(ctx, tx, id); err != nil {
			return err
		}
		return note(ctx, tx, actor, right.AccountBlock, id)
	})
}

// AdmitCmd makes an account without a mail: for imports, the demonstration town and the simulation. The hash is one of
// Hasher.Hash; "" makes an account that only a reset link opens.
type AdmitCmd struct {
	Email, Name, Locale, PasswordHash string
	Staff                             market.Role
}

// Admit makes an account; only the System actor may.
func (s *Signup) Admit(ctx context.Context, actor market.Actor, cmd AdmitCmd) (market.AccountID, error) {
	ids, err := s.AdmitMany(ctx, actor, []AdmitCmd{cmd})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// AdmitMany makes accounts in one transaction, all or none, and gives their ids in order; only the System actor may.
func (s *Signup) AdmitMany(ctx context.Context, actor market.Actor, cmds []AdmitCmd) ([]market.AccountID, error) {
	if err := right.Check(actor, right.AccountAdmit, right.Resource{}); err != nil {
		return nil, err
	}
	people := make([]account.Pending, len(cmds))
	for i, cmd := range cmds {
		var err error
		people[i], err = StaffCmd{Email: cmd.Email, Name: cmd.Name, Locale: cmd.Locale, Role: cmd.Staff}.parse()
		if err != nil {
			return nil, err
		}
	}
	ids := make([]market.AccountID, len(cmds))
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		for i, p := range people {
			a := born(tx, p)
			a.PasswordHash, a.Staff = cmds[i].PasswordHash, cmds[i].Staff
			ids[i] = a.ID
			if err := account.Insert(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	return ids, err
}
