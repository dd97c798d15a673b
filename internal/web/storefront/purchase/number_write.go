package purchase

import "strconv"

func whole(n int64) string { return strconv.FormatInt(n, 10) }
