// Package camera makes what a fake camera sees: pictures of QR codes as motion JPEG, a chain of plain JPEGs.
//
// Chromium plays such a file in a loop in place of a camera. Only tests import this package.
package camera
