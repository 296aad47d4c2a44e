-- The Curator's sources: those the operator added, their sealed keys, how far their streams are, their rows, their rate limits.
CREATE TABLE "curator"."sources" (
    "name" TEXT NOT NULL,
    "manifest" TEXT,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sources_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "curator"."source_keys" (
    "name" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "set_by" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "source_keys_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "curator"."source_slices" (
    "id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "stream" TEXT NOT NULL,
    "parameters" JSON NOT NULL,
    "dataset_id" TEXT NOT NULL,
    "bookmark" JSON NOT NULL,
    "holder" TEXT,
    "held_until" TIMESTAMPTZ(3),
    "fetched_at" TIMESTAMPTZ(3),
    "refresh_at" TIMESTAMPTZ(3),
    "failure" TEXT,
    "failed_at" TIMESTAMPTZ(3),
    "gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "source_slices_pkey" PRIMARY KEY ("id"),
    -- A bookmark that grew with the rows would be no bookmark.
    CONSTRAINT "source_slices_bookmark_small" CHECK (octet_length("bookmark"::text) <= 16384)
);

CREATE INDEX "source_slices_by_source" ON "curator"."source_slices" ("source");
CREATE INDEX "source_slices_by_dataset" ON "curator"."source_slices" ("dataset_id");
CREATE INDEX "source_slices_by_refresh" ON "curator"."source_slices" ("refresh_at");

CREATE TABLE "curator"."source_rows" (
    "slice" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "seen" INTEGER NOT NULL,
    "row" TEXT NOT NULL,

    CONSTRAINT "source_rows_pkey" PRIMARY KEY ("slice", "key"),
    CONSTRAINT "source_rows_slice_fkey" FOREIGN KEY ("slice") REFERENCES "curator"."source_slices"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "source_rows_in_order" ON "curator"."source_rows" ("slice", "position", "key");

CREATE TABLE "curator"."source_rates" (
    "name" TEXT NOT NULL,
    "paused_until" TIMESTAMPTZ(3),

    CONSTRAINT "source_rates_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "curator"."source_requests" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "source_requests_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "source_requests_by_time" ON "curator"."source_requests" ("name", "at");

-- Takes one request within all limits, or answers the milliseconds to wait for. One at a time for each name: the row of the name is locked.
CREATE FUNCTION "curator".take_request(asked TEXT, counts INTEGER[], spans DOUBLE PRECISION[]) RETURNS DOUBLE PRECISION
LANGUAGE plpgsql AS $$
DECLARE
  paused TIMESTAMPTZ;
  moment TIMESTAMPTZ;
  wait DOUBLE PRECISION := 0;
  earliest TIMESTAMPTZ;
  longest DOUBLE PRECISION := 0;
BEGIN
  INSERT INTO "curator"."source_rates" ("name") VALUES (asked) ON CONFLICT DO NOTHING;
  SELECT "paused_until" INTO paused FROM "curator"."source_rates" WHERE "name" = asked FOR UPDATE;
  moment := clock_timestamp();
  IF paused > moment THEN
    RETURN greatest(1, extract(epoch FROM paused - moment) * 1000);
  END IF;
  FOR i IN 1 .. coalesce(array_length(counts, 1), 0) LOOP
    longest := greatest(longest, spans[i]);
    -- The request after which this limit is used up: when it leaves its span, there is room again.
    SELECT request."at" INTO earliest FROM "curator"."source_requests" AS request
      WHERE request."name" = asked AND request."at" > moment - spans[i] * interval '1 millisecond'
      ORDER BY request."at" DESC OFFSET counts[i] - 1 LIMIT 1;
    IF FOUND THEN
      wait := greatest(wait, extract(epoch FROM earliest - moment) * 1000 + spans[i]);
    END IF;
  END LOOP;
  IF wait > 0 THEN
    RETURN greatest(1, wait);
  END IF;
  IF longest > 0 THEN
    DELETE FROM "curator"."source_requests" AS request
      WHERE request."name" = asked AND request."at" <= moment - longest * interval '1 millisecond';
    INSERT INTO "curator"."source_requests" ("name", "at") VALUES (asked, moment);
  END IF;
  RETURN 0;
END $$;

-- No request goes before so many milliseconds have passed; without them, before the oldest request of the span no longer counts.
CREATE FUNCTION "curator".pause_requests(asked TEXT, milliseconds DOUBLE PRECISION, span DOUBLE PRECISION) RETURNS DOUBLE PRECISION
LANGUAGE plpgsql AS $$
DECLARE
  moment TIMESTAMPTZ := clock_timestamp();
  oldest TIMESTAMPTZ;
  until TIMESTAMPTZ;
BEGIN
  until := moment + milliseconds * interval '1 millisecond';
  IF until IS NULL AND span IS NOT NULL THEN
    SELECT min(request."at") INTO oldest FROM "curator"."source_requests" AS request
      WHERE request."name" = asked AND request."at" > moment - span * interval '1 millisecond';
    until := coalesce(oldest, moment) + span * interval '1 millisecond';
  END IF;
  IF until IS NULL THEN
    RETURN 0;
  END IF;
  INSERT INTO "curator"."source_rates" ("name", "paused_until") VALUES (asked, until)
    ON CONFLICT ("name") DO UPDATE SET "paused_until" = greatest("source_rates"."paused_until", EXCLUDED."paused_until")
    RETURNING "paused_until" INTO until;
  RETURN greatest(0, extract(epoch FROM until - moment) * 1000);
END $$;
