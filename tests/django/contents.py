"""What a database is filled with before it is backed up: rows of many types, and how two databases are compared."""

from service import Postgres

# The tables that are filled, which is what must come back.
FILLED = {
    "public.accounts",
    "public.empty",
    "public.events_2026",
    "public.events_rest",
    "public.files",
    "public.visits",
    'public.Odd "name" | of a table',
    "stock.items",
}

STATEMENTS = """
CREATE TYPE mood AS ENUM ('calm', 'busy');
CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    name text NOT NULL,
    mood mood,
    balance numeric(20, 6),
    weight double precision,
    single real,
    active boolean,
    made timestamptz,
    born date,
    span interval,
    words text[],
    more jsonb,
    address inet,
    worth money,
    ages int4range,
    twice numeric GENERATED ALWAYS AS (balance * 2) STORED
);
INSERT INTO accounts (name, mood, balance, weight, single, active, made, born, span, words, more, address, worth, ages)
SELECT E'n\\u00e4me ' || n || E'\\n\\t\\\\ ''quoted'' |', (ARRAY['calm', 'busy', NULL])[n % 3 + 1]::mood,
    n / 7.0, n / 3.0, n / 3.0, n % 2 = 0, timestamptz '2026-03-29 00:30+00' + n * interval '7 min',
    date '1970-01-01' + n, n * interval '1 month 2 days 3.5 s', ARRAY['a', NULL, 'b"' || n], jsonb_build_object('n', n, 'a', NULL),
    ('10.0.' || n % 256 || '.1')::inet, n::money, int4range(n, n + 10)
FROM generate_series(1, 5000) n;
CREATE TABLE files (id int PRIMARY KEY, body bytea);
INSERT INTO files SELECT n, (SELECT string_agg(uuid_send(gen_random_uuid()), '') FROM generate_series(1, 65536) WHERE n > 0)
FROM generate_series(1, 20) n;
CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events SELECT date '2025-12-01' + n, 'event ' || n FROM generate_series(1, 400) n;
CREATE TABLE empty (account bigint REFERENCES accounts);
CREATE TABLE visits (id serial PRIMARY KEY, path text, at timestamptz DEFAULT now());
INSERT INTO visits (path) VALUES ('/');
CREATE TABLE "Odd ""name"" | of a table" ("Column 1" int, "select" text);
INSERT INTO "Odd ""name"" | of a table" VALUES (1, 'one'), (2, NULL);
CREATE SCHEMA stock;
CREATE TABLE stock.items (id int PRIMARY KEY, of int REFERENCES stock.items);
INSERT INTO stock.items VALUES (1, NULL), (2, 1), (3, 2);
CREATE VIEW calm AS SELECT id, name FROM accounts WHERE mood = 'calm';
CREATE MATERIALIZED VIEW moods AS SELECT mood, count(*) FROM accounts GROUP BY mood;
CREATE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql RETURN a + b;
"""

# Another sum than the delivered programs have: in order, and over all text at once.
SUMMED = """
SELECT format('SELECT %L || E''\\t'' || count(*) || E''\\t'' || coalesce(md5(string_agg(md5(t::text), '''' '
    || 'ORDER BY md5(t::text) COLLATE "C")), ''none'') FROM %I.%I t', schemaname || '.' || tablename, schemaname, tablename)
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    AND tablename NOT IN (SELECT relname FROM pg_class WHERE relkind = 'p') \\gexec
"""


def fill(postgres: Postgres, database: str) -> None:
    """Makes the database and its rows."""
    postgres.sql("postgres", f"CREATE DATABASE {database}")
    postgres.sql(database, STATEMENTS)


def sums(postgres: Postgres, database: str) -> dict[str, tuple[int, str]]:
    """Of each table its rows and their checksum."""
    lines = postgres.sql(database, SUMMED).splitlines()
    found = (line.split("\t") for line in lines)
    return {table: (int(rows), content) for table, rows, content in found}
