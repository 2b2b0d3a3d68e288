-- The demo of this server, at most one: from what it is made and how far its project is filled. Times are microseconds.

CREATE TABLE demo (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    -- A u64, kept as the i64 of the same bits.
    seed BIGINT NOT NULL,
    persons BIGINT NOT NULL,
    days BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- All that arrives before this instant has been sent and acknowledged.
    sent_until BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    total BIGINT NOT NULL,
    -- Why it failed.
    error TEXT
);
