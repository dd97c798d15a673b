SELECT child.id FROM category AS child JOIN category AS parent ON parent.id = child.parent_id
  WHERE parent.parent_id IS NOT NULL;
