SELECT directory_unindexed.entry_id FROM directory_unindexed
  LEFT JOIN directory_entry ON directory_entry.id = directory_unindexed.entry_id WHERE directory_entry.id IS NULL;
