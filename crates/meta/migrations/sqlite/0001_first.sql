-- What people configure. Times are microseconds since 1970-01-01T00:00:00Z; hashes are SHA-256.
-- AUTOINCREMENT: a number is never given twice, for events on disk carry their project's number.

CREATE TABLE organization (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL,
    -- The email in lower case: unique without regard to case, in every language.
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_login_at BIGINT
);

CREATE TABLE login (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id BIGINT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE,
    -- The token before the last rotation, good until `previous_until` for requests already on their way.
    previous_hash BLOB UNIQUE,
    previous_until BIGINT,
    created_at BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX login_member ON login (member_id);

CREATE TABLE project (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    week_start TEXT NOT NULL,
    sunbird_validation TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE channel (
    name TEXT NOT NULL PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE
);
CREATE INDEX channel_project ON channel (project_id);

CREATE TABLE project_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The first characters, to recognise a key by.
    prefix TEXT NOT NULL,
    -- A write key stands in public pages, so it is kept as it is; of a secret key only the hash is kept.
    write_key TEXT UNIQUE,
    secret_hash BLOB UNIQUE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    CHECK ((write_key IS NULL) <> (secret_hash IS NULL))
);
CREATE INDEX project_key_project ON project_key (project_id);

CREATE TABLE personal_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id BIGINT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    -- NULL: every project that the member may see.
    project_id BIGINT REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- Words separated by spaces.
    scopes TEXT NOT NULL,
    prefix TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX personal_token_member ON personal_token (member_id);

CREATE TABLE insight (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    question TEXT NOT NULL,
    created_by BIGINT REFERENCES member (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Deleted things stay, so that a deletion can be undone.
    deleted_at BIGINT
);
CREATE INDEX insight_project ON insight (project_id);

CREATE TABLE dashboard (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX dashboard_project ON dashboard (project_id);

CREATE TABLE tile (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dashboard_id BIGINT NOT NULL REFERENCES dashboard (id) ON DELETE CASCADE,
    insight_id BIGINT NOT NULL REFERENCES insight (id) ON DELETE CASCADE,
    x BIGINT NOT NULL,
    y BIGINT NOT NULL,
    w BIGINT NOT NULL,
    h BIGINT NOT NULL
);
CREATE INDEX tile_dashboard ON tile (dashboard_id);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    member_id BIGINT REFERENCES member (id) ON DELETE SET NULL,
    -- Who, in words, so that the line can be read after the member is gone.
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);

-- One row: grows with every change of what the gate needs (keys, channels, rules of projects).
CREATE TABLE directory_version (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO directory_version (id, version) VALUES (1, 1);

-- Things that happen once in the life of a data directory.
CREATE TABLE once (
    name TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);
