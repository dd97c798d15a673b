CREATE TABLE kit_search_word (
  rowid bigint PRIMARY KEY,
  tokens text NOT NULL,
  words tsvector GENERATED ALWAYS AS (to_tsvector('simple', tokens)) STORED
)
---
CREATE INDEX kit_search_word_words ON kit_search_word USING gin (words)
