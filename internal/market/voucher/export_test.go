package voucher

// UnstatedMerchantsText and UnstatedText are the queries of the run of the night, whose plans a test holds.
const (
	UnstatedMerchantsText = sqlUnstatedMerchants
	UnstatedText          = sqlUnstated
)
