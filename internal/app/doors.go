package app

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/web/signin"
)

// doors mounts signing up and in, and one's own account. A demonstration shows its mails instead of sending them.
func (s *Server) doors(mux *http.ServeMux) {
	box, _ := s.Mailer.(*mail.Box)
	signin.Routes(mux, signin.Deps{Frame: s.Frame, Signup: s.Signup, Box: box})
}
