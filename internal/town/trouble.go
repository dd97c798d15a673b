package town

// planTrouble puts what goes wrong, and how it is mended, into the agenda.
func (w *world) planTrouble() {}
