-- The label's royalty ledger. Amounts are whole minor units (cents) of the currency beside them.

CREATE TABLE IF NOT EXISTS statements (
    statement_id TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    period TEXT NOT NULL,
    currency TEXT NOT NULL,
    exchange_rate_micros INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    UNIQUE (platform, period)
) STRICT;

CREATE TABLE IF NOT EXISTS lines (
    line_id INTEGER PRIMARY KEY,
    statement_id TEXT NOT NULL REFERENCES statements (statement_id),
    isrc TEXT NOT NULL,
    release_id TEXT NOT NULL,
    artist_id TEXT NOT NULL,
    territory TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS lines_by_isrc ON lines (isrc);

CREATE INDEX IF NOT EXISTS lines_by_artist ON lines (artist_id);

CREATE TABLE IF NOT EXISTS participants (
    participant_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    artist_id TEXT
) STRICT;

CREATE TABLE IF NOT EXISTS splits (
    isrc TEXT NOT NULL,
    participant_id TEXT NOT NULL REFERENCES participants (participant_id),
    basis_points INTEGER NOT NULL CHECK (basis_points BETWEEN 0 AND 10000),
    PRIMARY KEY (isrc, participant_id)
) STRICT;

CREATE TABLE IF NOT EXISTS accounts (
    account_id TEXT PRIMARY KEY,
    artist_id TEXT NOT NULL UNIQUE,
    currency TEXT NOT NULL,
    royalty_basis_points INTEGER NOT NULL,
    advance_minor INTEGER NOT NULL,
    balance_minor INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS entries (
    entry_id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (account_id),
    booked_on TEXT NOT NULL,
    period TEXT,
    kind TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS payments (
    payment_id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (account_id),
    paid_on TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    reference TEXT NOT NULL
) STRICT;

-- What the rows are: one row when all of them are written.
CREATE TABLE IF NOT EXISTS about (
    seed INTEGER NOT NULL,
    day TEXT NOT NULL
) STRICT;
