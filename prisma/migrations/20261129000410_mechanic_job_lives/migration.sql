-- The lives of jobs: every change of state is one of these functions, or one guarded statement. Each locks the job before its attempt.
ALTER TABLE "mechanic"."jobs"
    -- Jobs that it waits for and that have not ended: counted at its submission, less each time one of them ends.
    ADD COLUMN "unmet" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "cancel_grace_ms" INTEGER,
    -- What a second cost when it was submitted, in 10^-6 $webxos.
    ADD COLUMN "price_cpu" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "price_gpu" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "price_gb" BIGINT NOT NULL DEFAULT 0,
    ADD CONSTRAINT "jobs_unmet" CHECK ("unmet" >= 0);
-- Emptied at once: what runs there is ended, and goes on elsewhere.
ALTER TABLE "mechanic"."nodes" ADD COLUMN "drain_ends" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "mechanic"."workers" ADD COLUMN "lease_ms" INTEGER NOT NULL DEFAULT 10000;

DROP INDEX "mechanic"."jobs_alive";
CREATE INDEX "jobs_ready" ON "mechanic"."jobs" ("owner", "priority" DESC, "submitted_at", "id") WHERE "state" = 'waiting' AND "unmet" = 0;
CREATE INDEX "jobs_due" ON "mechanic"."jobs" ("ready_at") WHERE "state" = 'waiting' AND "unmet" = 0;
CREATE INDEX "jobs_alive" ON "mechanic"."jobs" ("owner", "state") WHERE "ended_at" IS NULL;
-- Pages of one state, of one owner and of all.
CREATE INDEX "jobs_by_owner_state" ON "mechanic"."jobs" ("owner", "state", "submitted_at" DESC, "id" DESC);
CREATE INDEX "jobs_by_state" ON "mechanic"."jobs" ("state", "submitted_at" DESC, "id" DESC);
CREATE INDEX "job_attempts_recent" ON "mechanic"."job_attempts" ("ended_at") WHERE "ended_at" IS NOT NULL;

CREATE FUNCTION "mechanic"."uuid7"() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- What was set aside for it, for as long as its attempts ran, at the prices of its submission; nothing for what the lab failed, and
-- never more than what is held.
CREATE FUNCTION "mechanic"."cost_of"(p_job text, p_reason text) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN p_reason IN ('input_failed', 'drained', 'worker_lost') THEN 0 ELSE least(j.held_micro, coalesce((
        SELECT sum(floor(extract(epoch FROM a.ended_at - a.started_at)
                         * (a.cpu_milli * j.price_cpu / 1000.0 + cardinality(a.gpu_indexes) * j.price_gpu + a.memory_mb * j.price_gb / 1024.0)))::bigint
          FROM "mechanic"."job_attempts" a
         WHERE a.job_id = j.id AND a.started_at IS NOT NULL AND a.ended_at IS NOT NULL
           AND a.reason NOT IN ('input_failed', 'drained', 'worker_lost')), 0)) END
      FROM "mechanic"."jobs" j WHERE j.id = p_job
$$;

-- Ends a job for good, tells of it, and ends whatever waited for its success, the whole chain. Answers the ids of all that it ended;
-- none when the job had ended before.
CREATE FUNCTION "mechanic"."end_job"(p_job text, p_state text, p_reason text, p_message text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    v_state text := p_state;
    v_reason text := p_reason;
    v_ids text[] := ARRAY[p_job];
    v_messages text[] := ARRAY[p_message];
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
        SELECT array_agg(id) INTO v_ids FROM ended;
        EXIT WHEN v_ids IS NULL;
        RETURN QUERY SELECT unnest(v_ids);
        UPDATE "mechanic"."jobs" j
           SET unmet = j.unmet - met.n,
               ready_at = CASE WHEN j.unmet = met.n THEN greatest(j.ready_at, clock_timestamp()) ELSE j.ready_at END
          FROM (SELECT d.job_id, count(*)::int AS n FROM "mechanic"."job_dependencies" d
                 WHERE d.on_id = ANY(v_ids) AND (d.on_state = 'end' OR v_state = 'succeeded') GROUP BY d.job_id) met
         WHERE j.id = met.job_id AND j.ended_at IS NULL;
        EXIT WHEN v_state = 'succeeded';
        SELECT array_agg(c.id ORDER BY c.id), array_agg('It was to run after ' || c.on_id || ', which ended as ' || v_state || '.' ORDER BY c.id)
          INTO v_ids, v_messages
          FROM (SELECT j.id, min(d.on_id) AS on_id FROM "mechanic"."job_dependencies" d JOIN "mechanic"."jobs" j ON j.id = d.job_id
                 WHERE d.on_id = ANY(v_ids) AND d.on_state = 'success' AND j.ended_at IS NULL GROUP BY j.id) c;
        EXIT WHEN v_ids IS NULL;
        v_state := 'dependency_failed';
        v_reason := 'dependency_failed';
    END LOOP;
END $$;

-- Ends an attempt that is still its worker's, or nobody's (p_worker is null), and says what becomes of the job: its end, or another
-- try. No row: it was not, or had ended. Else the job first, with its state now, then all that ended with it.
CREATE FUNCTION "mechanic"."end_attempt"(
    p_job text, p_number integer, p_worker uuid, p_outcome text, p_reason text, p_message text,
    p_exit_code integer, p_signal text, p_cpu_ms bigint, p_gpu_ms bigint, p_memory_peak bigint
) RETURNS TABLE (id text, state text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_job "mechanic"."jobs";
    v_outcome text := p_outcome;
    v_lab boolean := p_reason IN ('input_failed', 'drained', 'worker_lost');
    v_backoff double precision;
    v_losses integer;
BEGIN
    SELECT * INTO v_job FROM "mechanic"."jobs" j WHERE j.id = p_job FOR UPDATE;
    UPDATE "mechanic"."job_attempts" a
       SET state = 'ended', ended_at = clock_timestamp(), outcome = v_outcome, reason = p_reason, message = p_message,
           exit_code = p_exit_code, signal = p_signal, cpu_ms = p_cpu_ms, gpu_ms = p_gpu_ms, memory_peak_bytes = p_memory_peak
     WHERE a.job_id = p_job AND a.number = p_number AND a.worker_id IS NOT DISTINCT FROM p_worker AND a.state <> 'ended';
    IF NOT FOUND THEN RETURN; END IF;
    v_backoff := coalesce((v_job.spec ->> 'backoffSeconds')::double precision, 0);
    IF v_outcome = 'succeeded' THEN
        RETURN QUERY SELECT e, 'succeeded' FROM "mechanic"."end_job"(p_job, 'succeeded', p_reason, p_message) e;
    ELSIF v_job.cancel_asked_at IS NOT NULL THEN
        RETURN QUERY SELECT e, 'cancelled' FROM "mechanic"."end_job"(p_job, 'cancelled', 'cancelled', p_message) e;
    ELSIF v_lab OR v_outcome IN ('lost', 'cancelled') THEN
        SELECT count(*) INTO v_losses FROM "mechanic"."job_attempts" a
         WHERE a.job_id = p_job AND a.worker_id IS NOT NULL AND a.reason IN ('input_failed', 'worker_lost');
        IF v_losses >= 20 THEN
            RETURN QUERY SELECT e, 'failed' FROM "mechanic"."end_job"(p_job, 'failed', p_reason,
                'The lab could not run it ' || v_losses || ' times. ' || coalesce(p_message, '')) e;
        ELSE
            UPDATE "mechanic"."jobs" j SET state = 'waiting',
                   ready_at = clock_timestamp() + CASE WHEN p_reason = 'input_failed'
                     THEN make_interval(secs => least(86400, greatest(1, v_backoff) * 2 ^ greatest(0, v_losses - 1))) ELSE interval '0' END
             WHERE j.id = p_job;
            RETURN QUERY SELECT p_job, 'waiting';
        END IF;
    ELSIF v_job.failures + 1 < v_job.failures_max THEN
        UPDATE "mechanic"."jobs" j SET state = 'waiting', failures = j.failures + 1,
               ready_at = clock_timestamp() + make_interval(secs => least(86400, v_backoff * 2 ^ v_job.failures))
         WHERE j.id = p_job;
        RETURN QUERY SELECT p_job, 'waiting';
    ELSE
        UPDATE "mechanic"."jobs" j SET failures = j.failures + 1 WHERE j.id = p_job;
        RETURN QUERY SELECT e, 'failed' FROM "mechanic"."end_job"(p_job, 'failed', p_reason, p_message) e;
    END IF;
END $$;

-- The process of an attempt runs: the worker still has it, and knows how to find it again.
CREATE FUNCTION "mechanic"."begin_attempt"(p_job text, p_number integer, p_worker uuid, p_handle text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM "mechanic"."jobs" j WHERE j.id = p_job FOR UPDATE;
    UPDATE "mechanic"."job_attempts" a SET handle = p_handle, started_at = coalesce(a.started_at, clock_timestamp())
     WHERE a.job_id = p_job AND a.number = p_number AND a.worker_id = p_worker AND a.state = 'running';
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE "mechanic"."jobs" j SET state = 'running', started_at = coalesce(j.started_at, clock_timestamp())
     WHERE j.id = p_job AND j.state = 'starting';
    RETURN true;
END $$;

-- Whether nobody may write to what this worker claimed any more: it has stopped, or its lease has been over for so long.
CREATE FUNCTION "mechanic"."is_gone"(p_worker uuid, p_beyond_ms double precision) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT coalesce((SELECT w.stopped_at IS NOT NULL OR w.lease_until + make_interval(secs => p_beyond_ms / 1000.0) <= clock_timestamp()
                       FROM "mechanic"."workers" w WHERE w.id = p_worker), true)
$$;

-- Ends an attempt whose worker is gone, as lost: the job goes back. What it had was reaped, or died with its worker.
CREATE FUNCTION "mechanic"."lose_attempt"(p_job text, p_number integer, p_beyond_ms double precision) RETURNS TABLE (id text, state text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_worker uuid;
BEGIN
    SELECT a.worker_id INTO v_worker FROM "mechanic"."job_attempts" a
     WHERE a.job_id = p_job AND a.number = p_number AND a.state = 'running' AND "mechanic"."is_gone"(a.worker_id, p_beyond_ms);
    IF NOT FOUND THEN RETURN; END IF;
    RETURN QUERY SELECT * FROM "mechanic"."end_attempt"(p_job, p_number, v_worker, 'lost', 'worker_lost',
        'Its worker is gone.', NULL, NULL, 0, 0, 0);
END $$;

-- Asks for a job's end: at once where no worker has it, else by the worker that does. True when it was asked for, or done, now.
CREATE FUNCTION "mechanic"."cancel_job"(p_job text, p_by text, p_grace_ms integer) RETURNS TABLE (id text, state text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_job "mechanic"."jobs";
    v_number integer;
BEGIN
    SELECT * INTO v_job FROM "mechanic"."jobs" j WHERE j.id = p_job FOR UPDATE;
    IF NOT FOUND OR v_job.ended_at IS NOT NULL THEN RETURN; END IF;
    UPDATE "mechanic"."jobs" j
       SET cancel_asked_at = coalesce(j.cancel_asked_at, clock_timestamp()), cancelled_by = coalesce(j.cancelled_by, p_by),
           cancel_grace_ms = least(coalesce(j.cancel_grace_ms, p_grace_ms), p_grace_ms)
     WHERE j.id = p_job;
    UPDATE "mechanic"."job_attempts" a
       SET state = 'ended', ended_at = clock_timestamp(), outcome = 'cancelled', reason = 'cancelled'
     WHERE a.job_id = p_job AND a.state = 'placed'
    RETURNING a.number INTO v_number;
    IF v_job.state = 'waiting' OR v_number IS NOT NULL THEN
        RETURN QUERY SELECT e, 'cancelled' FROM "mechanic"."end_job"(p_job, 'cancelled', 'cancelled', NULL) e;
    ELSE
        RETURN QUERY SELECT p_job, v_job.state;
    END IF;
END $$;
