// Package qr draws QR codes as SVG and as a matrix of modules, at error correction level M.
//
// It wraps one library (rsc.io/qr) and owns the drawing: one path, a quiet zone of four modules, no classes and no
// ids, so that a code prints, scales and passes a strict content security policy. It will not read codes.
package qr
