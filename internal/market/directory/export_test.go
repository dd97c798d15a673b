package directory

// ListText is the statement of List, for the test that asks for its plan.
const ListText = listText
