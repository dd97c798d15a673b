CREATE VIRTUAL TABLE kit_search_word USING fts5(
  tokens, content='', contentless_delete=1, detail='none', tokenize='unicode61'
)
