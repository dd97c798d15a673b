// Package locale embeds the catalogues of every web area: ko/<area>.json and en/<area>.json.
//
// It owns the files, each area owns its own; reading and checking them is kit/i18n's work.
package locale
