-- By what a model call was priced; '' when no price is known.
ALTER TABLE derived_generations
    ADD COLUMN IF NOT EXISTS price_source LowCardinality(String) AFTER cost_usd;
