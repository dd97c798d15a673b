package app

import (
	"net/netip"
	"os"
	"path/filepath"
	"time"
)

// Config is everything `dure serve` can be told, by flags or environment. The zero configuration works: an embedded
// database in the data folder and a listener on loopback.
type Config struct {
	Listen   string         `help:"${listen_help}" default:"127.0.0.1:8080" env:"DURE_LISTEN"`
	Data     string         `help:"${data_help}" default:"${data_default}" env:"DURE_DATA" type:"path"`
	Database string         `help:"${database_help}" env:"DURE_DATABASE_URL"`
	Base     string         `help:"${base_help}" env:"DURE_BASE_URL"`
	Secure   bool           `help:"${secure_help}" env:"DURE_SECURE"`
	Proxies  []netip.Prefix `help:"${proxies_help}" env:"DURE_PROXIES"`
	Log      string         `help:"${log_help}" enum:"debug,info,warn,error" default:"info" env:"DURE_LOG"`

	Gateway GatewayConfig `embed:"" prefix:"gateway-" envprefix:"DURE_GATEWAY_"`
	Mail    MailConfig    `embed:"" prefix:"mail-" envprefix:"DURE_MAIL_"`
	Seller  SellerConfig  `embed:"" prefix:"seller-" envprefix:"DURE_SELLER_"`
	Sandbox bool          `help:"${sandbox_help}" env:"DURE_SANDBOX"`
}

// GatewayConfig says where payments go.
type GatewayConfig struct {
	URL           string        `help:"${gateway_url_help}" env:"URL"`
	Key           string        `help:"${gateway_key_help}" env:"KEY"`
	WebhookSecret []string      `help:"${gateway_secret_help}" env:"WEBHOOK_SECRET"`
	Timeout       time.Duration `help:"${gateway_timeout_help}" env:"TIMEOUT"`
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

// MediaPath is the folder of kept photographs.
func (c Config) MediaPath() string { return filepath.Join(c.Data, "media") }

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
