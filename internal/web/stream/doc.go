// Package stream tells open pages what has changed: topics with versions over server-sent events. What a topic shows is
// fetched by the page itself, under the page's own rights; here too a topic of somebody else's does not exist.
package stream
