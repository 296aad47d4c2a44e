-- Job arrays: many runs of one program, each a job of its own. And pages of jobs by what runs them, and where.

CREATE TABLE "mechanic"."job_arrays" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    -- Runs that were asked for. One that is tried again is a further job of the same index.
    "count" INTEGER NOT NULL,
    -- So many of its jobs have their turn at once; null: all.
    "parallel" INTEGER,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "job_arrays_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "job_arrays_amounts" CHECK ("count" > 0 AND "parallel" > 0)
);

ALTER TABLE "mechanic"."jobs"
    -- Of its newest attempt, where one was begun.
    ADD COLUMN "node_id" TEXT,
    ADD COLUMN "array_id" TEXT,
    ADD COLUMN "array_index" INTEGER,
    -- It waits for its turn in its array, which counts as one more thing that it waits for (unmet).
    ADD COLUMN "array_waits" BOOLEAN NOT NULL DEFAULT false,
    ADD CONSTRAINT "jobs_array_fkey" FOREIGN KEY ("array_id") REFERENCES "mechanic"."job_arrays"("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
    ADD CONSTRAINT "jobs_in_array" CHECK (("array_id" IS NULL) = ("array_index" IS NULL) AND (NOT "array_waits" OR "array_id" IS NOT NULL AND "unmet" > 0));
UPDATE "mechanic"."jobs" j SET "node_id" = a."node_id" FROM "mechanic"."job_attempts" a WHERE a."job_id" = j."id" AND a."number" = j."attempts";

CREATE INDEX "jobs_by_executor" ON "mechanic"."jobs" ("executor", "submitted_at" DESC, "id" DESC);
CREATE INDEX "jobs_by_node" ON "mechanic"."jobs" ("node_id", "submitted_at" DESC, "id" DESC);
CREATE INDEX "jobs_by_array" ON "mechanic"."jobs" ("array_id", "submitted_at" DESC, "id" DESC);
-- Those that have their turn, and those that wait for it.
CREATE INDEX "jobs_array_taken" ON "mechanic"."jobs" ("array_id") WHERE "array_id" IS NOT NULL AND NOT "array_waits" AND "ended_at" IS NULL;
CREATE INDEX "jobs_array_turns" ON "mechanic"."jobs" ("array_id", "id") WHERE "array_waits" AND "ended_at" IS NULL;

-- A job that runs after all of an array.
CREATE TABLE "mechanic"."job_array_dependencies" (
    "job_id" TEXT NOT NULL,
    "array_id" TEXT NOT NULL,
    "on_state" TEXT NOT NULL,
    -- Once: an array may have a further job, tried again, after all of it had ended.
    "met" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "job_array_dependencies_pkey" PRIMARY KEY ("job_id", "array_id"),
    CONSTRAINT "job_array_dependencies_job_fkey" FOREIGN KEY ("job_id") REFERENCES "mechanic"."jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_array_dependencies_array_fkey" FOREIGN KEY ("array_id") REFERENCES "mechanic"."job_arrays"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_array_dependencies_state" CHECK ("on_state" IN ('success', 'end'))
);
CREATE INDEX "job_array_dependencies_on" ON "mechanic"."job_array_dependencies" ("array_id");

-- How an array stands: whether all of it has ended, and whether one of its runs has, without success and without being tried again.
CREATE FUNCTION "mechanic"."array_stands"(p_array text, OUT is_over boolean, OUT has_failed boolean) LANGUAGE sql VOLATILE AS $$
    SELECT NOT coalesce(bool_or(run.is_open), false), coalesce(bool_or(NOT run.is_open AND NOT run.is_done), false)
      FROM (SELECT bool_or(j.ended_at IS NULL) AS is_open, bool_or(j.state = 'succeeded') AS is_done
              FROM "mechanic"."jobs" j WHERE j.array_id = p_array GROUP BY j.array_index) run
$$;

-- Gives the next jobs of an array their turn, as many as are free. Whoever ends one asks for it, under the array's lock; a job that
-- another transaction holds just now is passed over, so nobody waits in a circle, and the sweep asks once more.
CREATE FUNCTION "mechanic"."open_turns"(p_array text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_parallel integer;
    v_free integer;
BEGIN
    SELECT r.parallel INTO v_parallel FROM "mechanic"."job_arrays" r WHERE r.id = p_array FOR NO KEY UPDATE;
    IF v_parallel IS NULL THEN RETURN; END IF;
    SELECT v_parallel - count(*) INTO v_free FROM "mechanic"."jobs" j
     WHERE j.array_id = p_array AND NOT j.array_waits AND j.ended_at IS NULL;
    IF v_free <= 0 THEN RETURN; END IF;
    UPDATE "mechanic"."jobs" j
       SET array_waits = false, unmet = j.unmet - 1,
           ready_at = CASE WHEN j.unmet = 1 THEN greatest(j.ready_at, clock_timestamp()) ELSE j.ready_at END
      FROM (SELECT w.id FROM "mechanic"."jobs" w WHERE w.array_id = p_array AND w.array_waits AND w.ended_at IS NULL
             ORDER BY w.id LIMIT v_free FOR NO KEY UPDATE SKIP LOCKED) turn
     WHERE turn.id = j.id;
END $$;

-- As before, and what the end of a job of an array brings: the turn of the next, and the end of waiting for the whole array. Locks go
-- from jobs to their arrays, and from an array to those that run after it.
CREATE OR REPLACE FUNCTION "mechanic"."end_job"(p_job text, p_state text, p_reason text, p_message text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    v_state text := p_state;
    v_reason text := p_reason;
    v_ids text[] := ARRAY[p_job];
    v_messages text[] := ARRAY[p_message];
    v_arrays text[];
    v_over text[];
    v_broken text[];
BEGIN
    LOOP
        WITH ended AS (
            UPDATE "mechanic"."jobs" j
               SET state = v_state, reason = v_reason, message = w.message, ended_at = clock_timestamp(),
                   cost_micro = "mechanic"."cost_of"(j.id, v_reason)
              FROM unnest(v_ids, v_messages) AS w(id, message)
             WHERE j.id = w.id AND j.ended_at IS NULL
            RETURNING j.*
        ), told AS (
            INSERT INTO "mechanic"."outbox" (id, subject, payload, created_at)
            SELECT e.id, 'labmesh.event.mechanic.job_ended',
                   jsonb_build_object('id', e.id, 'at', to_char(e.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'payload', e.payload),
                   clock_timestamp()
              FROM (SELECT "mechanic"."uuid7"() AS id, ended_at,
                           jsonb_build_object('jobId', ended.id, 'walletId', owner, 'state', state, 'reason', reason, 'holdId', hold_id,
                                              'costMicro', cost_micro::text, 'attempts', attempts) AS payload
                      FROM ended ORDER BY ended.id) e
        )
        SELECT array_agg(id), array_agg(DISTINCT array_id) FILTER (WHERE array_id IS NOT NULL) INTO v_ids, v_arrays FROM ended;
        EXIT WHEN v_ids IS NULL;
        RETURN QUERY SELECT unnest(v_ids);
        v_broken := NULL;
        IF v_arrays IS NOT NULL THEN
            -- After that nobody else looks at how these stand before this has happened.
            PERFORM 1 FROM "mechanic"."job_arrays" r WHERE r.id = ANY(v_arrays) ORDER BY r.id FOR NO KEY UPDATE;
            PERFORM "mechanic"."open_turns"(a) FROM unnest(v_arrays) a;
            SELECT array_agg(d.array_id) FILTER (WHERE s.is_over), array_agg(d.array_id) FILTER (WHERE s.has_failed)
              INTO v_over, v_broken
              FROM (SELECT DISTINCT w.array_id FROM "mechanic"."job_array_dependencies" w
                     WHERE w.array_id = ANY(v_arrays) AND NOT w.met) d, LATERAL "mechanic"."array_stands"(d.array_id) s;
        ELSE
            v_over := NULL;
        END IF;
        WITH met AS (
            UPDATE "mechanic"."job_array_dependencies" d SET met = true
             WHERE NOT d.met AND d.array_id = ANY(v_over) AND (d.on_state = 'end' OR (d.array_id = ANY(v_broken)) IS NOT TRUE)
            RETURNING d.job_id
        ), fewer AS (
            SELECT m.job_id, count(*)::int AS n FROM (
                SELECT d.job_id FROM "mechanic"."job_dependencies" d
                 WHERE d.on_id = ANY(v_ids) AND (d.on_state = 'end' OR v_state = 'succeeded')
                UNION ALL SELECT met.job_id FROM met) m GROUP BY m.job_id
        )
        UPDATE "mechanic"."jobs" j
           SET unmet = j.unmet - fewer.n,
               ready_at = CASE WHEN j.unmet = fewer.n THEN greatest(j.ready_at, clock_timestamp()) ELSE j.ready_at END
          FROM fewer WHERE j.id = fewer.job_id AND j.ended_at IS NULL;
        EXIT WHEN v_state = 'succeeded';
        SELECT array_agg(c.id ORDER BY c.id), array_agg('It was to run after ' || c.on_what || ' ended as ' || v_state || '.' ORDER BY c.id)
          INTO v_ids, v_messages
          FROM (SELECT j.id, min(f.on_what) AS on_what
                  FROM (SELECT d.job_id, d.on_id || ', which' AS on_what FROM "mechanic"."job_dependencies" d
                         WHERE d.on_id = ANY(v_ids) AND d.on_state = 'success'
                        UNION ALL
                        SELECT d.job_id, d.array_id || ', of which one' FROM "mechanic"."job_array_dependencies" d
                         WHERE d.array_id = ANY(v_broken) AND d.on_state = 'success' AND NOT d.met) f
                  JOIN "mechanic"."jobs" j ON j.id = f.job_id AND j.ended_at IS NULL GROUP BY j.id) c;
        EXIT WHEN v_ids IS NULL;
        v_state := 'dependency_failed';
        v_reason := 'dependency_failed';
    END LOOP;
END $$;

-- Asks for the end of all of an array that has not ended, as cancel_job does of one. All are locked before any ends, and those that
-- wait for their turn end first: nobody gets a turn only to lose it.
CREATE FUNCTION "mechanic"."cancel_array"(p_array text, p_by text, p_grace_ms integer) RETURNS TABLE (id text, state text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_id text;
BEGIN
    PERFORM 1 FROM "mechanic"."jobs" j WHERE j.array_id = p_array AND j.ended_at IS NULL ORDER BY j.id FOR UPDATE;
    FOR v_id IN SELECT j.id FROM "mechanic"."jobs" j WHERE j.array_id = p_array AND j.ended_at IS NULL ORDER BY j.array_waits DESC, j.id DESC LOOP
        RETURN QUERY SELECT c.id, c.state FROM "mechanic"."cancel_job"(v_id, p_by, p_grace_ms) c;
    END LOOP;
END $$;
