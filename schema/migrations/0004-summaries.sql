-- True for a message that tells in short what was said before: the history was compacted.
ALTER TABLE derived_messages
    ADD COLUMN IF NOT EXISTS is_summary Bool AFTER history_gap;
