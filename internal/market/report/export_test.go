package report

// UnstatedText is for the tests of plans.
const UnstatedText = sqlUnstated
