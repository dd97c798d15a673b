CREATE TABLE kit_search_word (
  rowid bigint PRIMARY KEY,
  tokens text NOT NULL
)
---
CREATE INDEX kit_search_word_tokens ON kit_search_word USING gin (to_tsvector('simple', tokens))
