CREATE INDEX wish_merged ON wish (merged_into, ended_at) WHERE merged_into <> '';
