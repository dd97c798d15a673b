package db

// aloneCacheKB is the cache of a connection that does everything: most of a small world, at twice its size in memory.
const aloneCacheKB = 40_000

// words are the statements around a write transaction on SQLite, and those around everything on its connection.
type words struct {
	open, close   string
	begin, commit string
	rollback      []string
}

// wordsOf gives transactions of their own, or with Options.Alone parts of one that lasts as long as the connection.
func wordsOf(o Options) words {
	if o.Alone {
		return words{open: "BEGIN IMMEDIATE", close: "COMMIT", begin: "SAVEPOINT part", commit: "RELEASE part",
			rollback: []string{"ROLLBACK TO part", "RELEASE part"}}
	}
	return words{begin: "BEGIN IMMEDIATE", commit: "COMMIT", rollback: []string{"ROLLBACK"}}
}

// alone reads on the writer's connection without its mutex, which a transaction of the same goroutine may hold.
func (d *DB) alone() *liteRunner { return &liteRunner{db: d, w: d.lite} }

// Alone tells that all is written and read on one connection, and that nobody else sees it.
func (d *DB) Alone() bool { return d.opts.Alone }
