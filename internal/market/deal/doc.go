// Package deal is the offer of a merchant that people gather for: its states, its window, its counters and its terms.
//
// It owns deal, deal_option, deal_terms, deal_region, deal_log and deal_bookmark. The row of deal is the hot one: its
// counters change only by guarded statements here, and the tipping point is decided here, once. It knows nothing of
// orders, money movements or vouchers.
package deal
