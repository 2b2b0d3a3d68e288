-- Named sets: actions of events, cohorts of persons. Times are microseconds.

CREATE TABLE action (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    -- The steps as JSON.
    steps TEXT NOT NULL,
    created_by BIGINT REFERENCES member (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX action_project ON action (project_id);

CREATE TABLE cohort (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    -- The rule as JSON; null: the persons are listed in cohort_member.
    rule TEXT,
    created_by BIGINT REFERENCES member (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX cohort_project ON cohort (project_id);

CREATE TABLE cohort_member (
    cohort_id BIGINT NOT NULL REFERENCES cohort (id) ON DELETE CASCADE,
    distinct_id TEXT NOT NULL,
    PRIMARY KEY (cohort_id, distinct_id)
) WITHOUT ROWID;
