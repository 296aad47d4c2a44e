-- Kinds of errors that a wallet has had, by their templates, and where and on which day each was seen. Never a line of a log.
CREATE TABLE "librarian"."error_events" (
    "wallet_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "error_events_pkey" PRIMARY KEY ("wallet_id", "fingerprint")
);
CREATE INDEX "error_events_by_time" ON "librarian"."error_events" ("wallet_id", "last_at" DESC);

-- A source (a job, a solution's file, an excerpt by its hash) counts once, however often it is told of.
CREATE TABLE "librarian"."error_sightings" (
    "wallet_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "lines" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "error_sightings_pkey" PRIMARY KEY ("wallet_id", "fingerprint", "source"),
    CONSTRAINT "error_sightings_lines_positive" CHECK ("lines" > 0),
    CONSTRAINT "error_sightings_event_fkey" FOREIGN KEY ("wallet_id", "fingerprint") REFERENCES "librarian"."error_events"("wallet_id", "fingerprint") ON DELETE CASCADE ON UPDATE CASCADE
);
