// Package e2e drives the pages in headless Chromium, as people do: by labels and visible words.
//
// Browser opens a window; a Page fills fields by their label, clicks what reads so, waits for what it should see, takes
// pictures into out/browser and holds every page against axe's accessibility rules. A script error, a refused resource
// (Content-Security-Policy) and a request that leaves this machine fail the test by themselves. A missing Chromium is a
// failure that says what to install, never a skip.
//
// Only tests import this package. Journeys are its own tests, one file each.
package e2e
