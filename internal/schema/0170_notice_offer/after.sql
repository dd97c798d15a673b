SELECT id FROM notice WHERE kind NOT IN ('deal_begins', 'follow_begins', 'wait_offer')
