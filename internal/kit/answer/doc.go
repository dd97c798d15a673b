// Package answer keeps what a step answered to an idempotency key, so that asking twice does once.
//
// A key is unique per actor and step. Beside the answer stands a hash of the command: the same key with another body is
// refused. Answers are kept for the life of what they speak of; refusals are not kept but decided anew. The same key
// twice in one batch is the step's own business: it is decided in memory, before Save.
//
// It owns kit_answer. It never decides anything itself.
package answer
