// Package daybook is what a shop's sales and uses add up to: by deal, by the hour, and by the day in Korea.
//
// It is a projection of the feed: each event counts once, its effect and the cursor move in one transaction, and a
// rebuild from the first event gives the same rows. Who was counted in an hour (daybook_buyer) or on a day
// (daybook_guest) stands in narrow tables, so that people are counted and not purchases; they are forgotten after three
// days, and figures of people are told of today and of the last day only.
//
// A View adds what the feed has not brought yet, read in the same view of the database: its figures are those of this
// very instant, not of a second ago. When too much waits there is no View: who asks adds up orders and uses instead.
//
// It owns the daybook_ tables. It decides nothing: no money and no limit hangs on it.
package daybook
