// Package requesttest gives tests of pages a Frame over a test database and a browser without a screen: it keeps
// cookies, sends the Origin a browser sends, and signs people in.
package requesttest
