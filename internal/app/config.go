package app

import (
	"context"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/blob/s3"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/sign"
)

// Config is everything `dure serve` can be told, by flags or environment. The zero configuration works: an embedded
// database in the data folder and a listener on loopback.
type Config struct {
	Listen   string         `help:"${listen_help}" default:"127.0.0.1:8080" env:"DURE_LISTEN"`
	Data     string         `help:"${data_help}" default:"${data_default}" env:"DURE_DATA" type:"path"`
	Database string         `help:"${database_help}" env:"DURE_DATABASE_URL"`
	Media    string         `help:"${media_help}" env:"DURE_MEDIA"`
	Key      string         `help:"${key_help}" env:"DURE_KEY"`
	Base     string         `help:"${base_help}" env:"DURE_BASE_URL"`
	Secure   bool           `help:"${secure_help}" env:"DURE_SECURE"`
	Proxies  []netip.Prefix `help:"${proxies_help}" env:"DURE_PROXIES"`
	Log      string         `help:"${log_help}" enum:"debug,info,warn,error" default:"info" env:"DURE_LOG"`

	Gateway GatewayConfig `embed:"" prefix:"gateway-" envprefix:"DURE_GATEWAY_"`
	Track   ServiceConfig `embed:"" prefix:"track-" envprefix:"DURE_TRACK_"`
	Check   ServiceConfig `embed:"" prefix:"check-" envprefix:"DURE_CHECK_"`
	Mail    MailConfig    `embed:"" prefix:"mail-" envprefix:"DURE_MAIL_"`
	Seller  SellerConfig  `embed:"" prefix:"seller-" envprefix:"DURE_SELLER_"`
	Sandbox bool          `help:"${sandbox_help}" env:"DURE_SANDBOX"`
	Cluster ClusterConfig `embed:""`
}

// GatewayConfig says where payments go.
type GatewayConfig struct {
	URL           string        `help:"${gateway_url_help}" env:"URL"`
	Key           string        `help:"${gateway_key_help}" env:"KEY"`
	WebhookSecret []string      `help:"${gateway_secret_help}" env:"WEBHOOK_SECRET"`
	Timeout       time.Duration `help:"${gateway_timeout_help}" env:"TIMEOUT"`
}

// ServiceConfig says where a service is that is asked over HTTP: about parcels, or about businesses.
type ServiceConfig struct {
	URL string `help:"${service_url_help}" env:"URL"`
	Key string `help:"${service_key_help}" env:"KEY"`
}

// MailConfig says how mails go out; without a host they land in the outbox table.
type MailConfig struct {
	Host     string `help:"${mail_host_help}" env:"HOST"`
	Port     int    `help:"${mail_port_help}" default:"587" env:"PORT"`
	Username string `help:"${mail_user_help}" env:"USERNAME"`
	Password string `help:"${mail_password_help}" env:"PASSWORD"`
	From     string `help:"${mail_from_help}" default:"dure@localhost" env:"FROM"`
}

// SellerConfig names who runs the site, as the law wants it at every foot.
type SellerConfig struct {
	Name      string `help:"${seller_help}" default:"두레" env:"NAME"`
	Head      string `help:"${seller_help}" env:"HEAD"`
	Number    string `help:"${seller_help}" env:"NUMBER"`
	MailOrder string `help:"${seller_help}" env:"MAIL_ORDER"`
	Address   string `help:"${seller_help}" env:"ADDRESS"`
	Phone     string `help:"${seller_help}" env:"PHONE"`
	Email     string `help:"${seller_help}" env:"EMAIL"`
}

// DatabaseURL is the configured database, or the embedded one in the data folder.
func (c Config) DatabaseURL() string {
	if c.Database != "" {
		return c.Database
	}
	return "sqlite:" + filepath.Join(c.Data, "dure.db")
}

// KeyPath is the file of the installation's root key.
func (c Config) KeyPath() string { return filepath.Join(c.Data, "key") }

// MediaPath is the folder of kept photographs; empty when they lie in a bucket.
func (c Config) MediaPath() string {
	if c.Media != "" {
		return ""
	}
	return filepath.Join(c.Data, "media")
}

// OpenMedia opens the store of photographs: a folder, in which process names whatever is being written, or a bucket.
func (c Config) OpenMedia(ctx context.Context, process string) (blob.Store, error) {
	if c.Media != "" {
		return s3.Open(ctx, c.Media)
	}
	return blob.OpenDisk(c.MediaPath(), process)
}

// MediaReading reads photographs beside a running server.
type MediaReading interface {
	Get(ctx context.Context, key blob.Key) (io.ReadSeekCloser, error)
}

// ReadMedia opens the store of photographs for reading, and gives what closes it.
func (c Config) ReadMedia(ctx context.Context) (media MediaReading, end func() error, err error) {
	if c.Media != "" {
		bucket, err := s3.Open(ctx, c.Media)
		return bucket, func() error { return nil }, err
	}
	folder, err := blob.OpenReading(c.MediaPath())
	if err != nil {
		return nil, nil, err
	}
	return folder, folder.Close, nil
}

// rootKey is the installation's key: the given one, or that of the key file, which is made if need be.
func (c Config) rootKey(ids id.Source) (sign.Key, error) {
	if c.Key != "" {
		return sign.KeepKey(c.KeyPath(), c.Key)
	}
	return sign.LoadKey(c.KeyPath(), ids)
}

// base is the public origin: as configured, or the listener's.
func (c Config) base(listening string) string {
	if c.Base != "" {
		return c.Base
	}
	return "http://" + listening
}

// DataDefault is the folder that holds everything a single node keeps.
func DataDefault() string {
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "dure")
	}
	return "dure-data"
}
