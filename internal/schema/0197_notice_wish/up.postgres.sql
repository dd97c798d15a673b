ALTER TABLE notice DROP CONSTRAINT notice_kind_check
---
ALTER TABLE notice ADD CONSTRAINT notice_kind_check CHECK (kind <> '')
