SELECT id FROM notice WHERE kind = ''
