CREATE INDEX ledger_balance_empty ON ledger_balance (account, party) WHERE balance = 0;
