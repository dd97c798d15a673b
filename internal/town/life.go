package town

import "context"

// goOn lets people buy and come until the context ends.
func (t *Town) goOn(ctx context.Context) { <-ctx.Done() }
