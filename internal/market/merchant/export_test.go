package merchant

// Luminance is WCAG's relative luminance of a colour.
func Luminance(c Colour) float64 { return c.luminance() }
