-- Search looks messages up by their contents, which are kept once: the words of each in an index.
-- Of the JSON only what is said: no escapes, no keys, no media; see store/search-text.ts.
ALTER TABLE fact_contents ADD INDEX IF NOT EXISTS words
    lowerUTF8(replaceRegexpAll(message, '^[{]"role":"[a-z]+","parts":\\[(?:[{]"type":"(?:blob"[^{}]*|[a-z_]+"))?|\\\\(?:u[0-9a-f]{4}|.)|"type":"blob"[^{}]*|"uri":"data:[^"]*"|"(?:[^"\\\\,}\\]]|\\\\.)(?:[^"\\\\]|\\\\.)*":', ' '))
    TYPE text(tokenizer = splitByNonAlpha, posting_list_codec = 'bitpacking');

ALTER TABLE fact_contents MATERIALIZE INDEX words;

-- Where a content was said, and what was said last.
ALTER TABLE derived_messages
    ADD INDEX IF NOT EXISTS by_content_hash content_hash TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS by_created_at created_at TYPE minmax GRANULARITY 1;

ALTER TABLE derived_messages MATERIALIZE INDEX by_content_hash;

ALTER TABLE derived_messages MATERIALIZE INDEX by_created_at;

DROP TABLE IF EXISTS derived_search;
