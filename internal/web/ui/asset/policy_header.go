package asset

// Policy says which browser abilities a page needs beyond the strict ones.
type Policy struct {
	Wasm   bool     // the scan page decodes with WebAssembly
	Camera bool     // the scan page and the style window open the camera
	Form   []string // origins a form may post to besides our own, such as a payment gateway
	Frame  bool     // the page may stand inside a foreign page (embeds only)
}

// Header gives the Content-Security-Policy value: own files only, no inline script or style, no frames.
func (p Policy) Header() string {
	script := "script-src 'self'"
	if p.Wasm {
		script += " 'wasm-unsafe-eval'"
	}
	form := "form-action 'self'"
	for _, origin := range p.Form {
		form += " " + origin
	}
	ancestors := "frame-ancestors 'none'"
	if p.Frame {
		ancestors = "frame-ancestors *"
	}
	return "default-src 'none'; " + script + "; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
		"connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; " +
		form + "; base-uri 'none'; " + ancestors
}

// Permissions gives the Permissions-Policy value; the camera is shut unless the page asked for it.
func (p Policy) Permissions() string {
	camera := "camera=()"
	if p.Camera {
		camera = "camera=(self)"
	}
	return camera + ", microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()"
}
