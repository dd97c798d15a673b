SELECT directory_entry.id FROM directory_entry
  LEFT JOIN directory_claim ON directory_claim.entry_id = directory_entry.id AND directory_claim.state = 'granted'
  WHERE directory_entry.merchant_id IS NOT NULL AND directory_claim.id IS NULL;
