// Package natsbus carries live hints between nodes over NATS core: through servers inside the nodes that join each
// other, or through one that runs elsewhere.
//
// Nothing that matters lives here, and nothing is stored (no JetStream). A publisher never waits: what cannot be sent
// is dropped, and numbers on the messages tell every listener that something was lost, who then says everything again.
// Every node says every second that it is there, so that the others know whom they hear.
//
// It owns no table. Without an address nothing of it is started.
package natsbus
