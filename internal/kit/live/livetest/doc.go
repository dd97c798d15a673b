// Package livetest says what every live.Bus must do. Only tests import it.
package livetest
