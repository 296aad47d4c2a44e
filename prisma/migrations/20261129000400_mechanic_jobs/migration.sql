-- The Mechanic: jobs, their attempts, the nodes that run them. A job's row is the truth; queues only say where to look.
CREATE SCHEMA IF NOT EXISTS "mechanic";

-- A machine, or a cluster that is asked as one. What it has free follows from the attempts on it: there is no second count.
CREATE TABLE "mechanic"."nodes" (
    "id" TEXT NOT NULL,
    "cpu_milli" INTEGER NOT NULL,
    "memory_mb" INTEGER NOT NULL,
    "gpus" INTEGER NOT NULL,
    -- What each executor of it permits, as its workers probed it.
    "executors" JSONB NOT NULL,
    "drained_at" TIMESTAMPTZ(3),
    "drain_reason" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "nodes_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "nodes_amounts" CHECK ("cpu_milli" >= 0 AND "memory_mb" >= 0 AND "gpus" >= 0)
);

-- A process that runs attempts, from its start to its end. After its lease, what it ran is another's to end.
CREATE TABLE "mechanic"."workers" (
    "id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "workers_node_fkey" FOREIGN KEY ("node_id") REFERENCES "mechanic"."nodes"("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "workers_by_node" ON "mechanic"."workers" ("node_id", "lease_until");

CREATE TABLE "mechanic"."jobs" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    -- The caller's own name for this submission: the same again is the same job.
    "submission_id" TEXT,
    "spec_hash" BYTEA NOT NULL,
    "spec" JSONB NOT NULL,
    "executor" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "reason" TEXT,
    "message" TEXT,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "labels" JSONB NOT NULL,
    "cpu_milli" INTEGER NOT NULL,
    "memory_mb" INTEGER NOT NULL,
    "gpus" INTEGER NOT NULL,
    "wall_seconds" INTEGER NOT NULL,
    "gang" TEXT,
    "gang_size" INTEGER,
    -- Attempts that were begun, and how many of them may fail by the job's own fault.
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failures_max" INTEGER NOT NULL DEFAULT 1,
    "hold_id" TEXT,
    "held_micro" BIGINT NOT NULL DEFAULT 0,
    "cost_micro" BIGINT,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- Not before: the wait before a retry.
    "ready_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "cancel_asked_at" TIMESTAMPTZ(3),
    "cancelled_by" TEXT,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "jobs_state" CHECK ("state" IN ('waiting', 'starting', 'running', 'succeeded', 'failed', 'cancelled', 'dependency_failed')),
    -- A terminal state comes with its time, and only then.
    CONSTRAINT "jobs_end_once" CHECK (("ended_at" IS NOT NULL) = ("state" IN ('succeeded', 'failed', 'cancelled', 'dependency_failed'))),
    CONSTRAINT "jobs_amounts" CHECK ("cpu_milli" > 0 AND "memory_mb" > 0 AND "gpus" >= 0 AND "wall_seconds" > 0 AND "held_micro" >= 0 AND "cost_micro" >= 0)
);
CREATE UNIQUE INDEX "jobs_by_submission" ON "mechanic"."jobs" ("owner", "submission_id");
CREATE INDEX "jobs_by_owner" ON "mechanic"."jobs" ("owner", "submitted_at" DESC, "id" DESC);
CREATE INDEX "jobs_newest" ON "mechanic"."jobs" ("submitted_at" DESC, "id" DESC);
CREATE INDEX "jobs_alive" ON "mechanic"."jobs" ("state", "ready_at") WHERE "ended_at" IS NULL;

-- One run of a job. Those that have not ended hold the tokens of their node.
CREATE TABLE "mechanic"."job_attempts" (
    "job_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "node_id" TEXT NOT NULL,
    -- Who may write to this row: nobody yet, then the worker that claimed it, until it has ended.
    "worker_id" UUID,
    "state" TEXT NOT NULL DEFAULT 'placed',
    -- What the executor needs to find it again: a process and when it began, a container, a job of another engine.
    "handle" TEXT,
    "cpu_milli" INTEGER NOT NULL,
    "memory_mb" INTEGER NOT NULL,
    "gpu_indexes" INTEGER[] NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "reason" TEXT,
    "message" TEXT,
    "exit_code" INTEGER,
    "signal" TEXT,
    "cpu_ms" BIGINT NOT NULL DEFAULT 0,
    "gpu_ms" BIGINT NOT NULL DEFAULT 0,
    "memory_peak_bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "job_attempts_pkey" PRIMARY KEY ("job_id", "number"),
    CONSTRAINT "job_attempts_job_fkey" FOREIGN KEY ("job_id") REFERENCES "mechanic"."jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_attempts_node_fkey" FOREIGN KEY ("node_id") REFERENCES "mechanic"."nodes"("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "job_attempts_state" CHECK ("state" IN ('placed', 'running', 'ended')),
    CONSTRAINT "job_attempts_end" CHECK (("ended_at" IS NOT NULL) = ("state" = 'ended') AND ("outcome" IS NOT NULL) = ("state" = 'ended'))
);
-- At most one attempt of a job is alive.
CREATE UNIQUE INDEX "job_attempts_alive" ON "mechanic"."job_attempts" ("job_id") WHERE "state" <> 'ended';
CREATE INDEX "job_attempts_on_node" ON "mechanic"."job_attempts" ("node_id") WHERE "state" <> 'ended';
CREATE INDEX "job_attempts_of_worker" ON "mechanic"."job_attempts" ("worker_id") WHERE "state" <> 'ended';

CREATE TABLE "mechanic"."job_dependencies" (
    "job_id" TEXT NOT NULL,
    "on_id" TEXT NOT NULL,
    -- success, or end: whatever its outcome.
    "on_state" TEXT NOT NULL,

    CONSTRAINT "job_dependencies_pkey" PRIMARY KEY ("job_id", "on_id"),
    CONSTRAINT "job_dependencies_job_fkey" FOREIGN KEY ("job_id") REFERENCES "mechanic"."jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_dependencies_on_fkey" FOREIGN KEY ("on_id") REFERENCES "mechanic"."jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_dependencies_state" CHECK ("on_state" IN ('success', 'end')),
    CONSTRAINT "job_dependencies_other" CHECK ("job_id" <> "on_id")
);
CREATE INDEX "job_dependencies_on" ON "mechanic"."job_dependencies" ("on_id");

-- What a second of each thing costs, in 10^-6 $webxos.
CREATE TABLE "mechanic"."prices" (
    "unit" TEXT NOT NULL,
    "micro" BIGINT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "set_by" TEXT,

    CONSTRAINT "prices_pkey" PRIMARY KEY ("unit"),
    CONSTRAINT "prices_unit" CHECK ("unit" IN ('cpu_second', 'gpu_second', 'gb_second')),
    CONSTRAINT "prices_not_negative" CHECK ("micro" >= 0)
);
INSERT INTO "mechanic"."prices" ("unit", "micro") VALUES ('cpu_second', 100), ('gpu_second', 1000), ('gb_second', 10);

-- What names content in the place for bytes: content that no row here names is removed.
CREATE TABLE "mechanic"."blobs" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "media_type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "blobs_sha256_is_one" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
    CONSTRAINT "blobs_bytes_fit" CHECK ("bytes" >= 0)
);
CREATE INDEX "blobs_by_content" ON "mechanic"."blobs" ("sha256");
CREATE INDEX "blobs_by_owner" ON "mechanic"."blobs" ("owner", "bytes");

-- One row: when content is next looked through for what nobody names.
CREATE TABLE "mechanic"."blob_upkeep" (
    "id" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blob_upkeep_pkey" PRIMARY KEY ("id")
);

-- What jobs were given: working files, by where they go in the job's folder.
CREATE TABLE "mechanic"."job_files" (
    "job_id" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "blob_id" TEXT NOT NULL,
    "mode" INTEGER NOT NULL DEFAULT 420,

    CONSTRAINT "job_files_pkey" PRIMARY KEY ("job_id", "path"),
    CONSTRAINT "job_files_job_fkey" FOREIGN KEY ("job_id") REFERENCES "mechanic"."jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_files_blob_fkey" FOREIGN KEY ("blob_id") REFERENCES "mechanic"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "job_files_by_blob" ON "mechanic"."job_files" ("blob_id");

-- What attempts left: artefacts and checkpoints. A later attempt's file of the same kind and path takes the place of an earlier one's.
CREATE TABLE "mechanic"."job_artifacts" (
    "job_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "blob_id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_artifacts_pkey" PRIMARY KEY ("job_id", "kind", "path"),
    CONSTRAINT "job_artifacts_job_fkey" FOREIGN KEY ("job_id") REFERENCES "mechanic"."jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_artifacts_blob_fkey" FOREIGN KEY ("blob_id") REFERENCES "mechanic"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "job_artifacts_kind" CHECK ("kind" IN ('artifact', 'checkpoint'))
);
CREATE INDEX "job_artifacts_by_blob" ON "mechanic"."job_artifacts" ("blob_id");
CREATE INDEX "job_artifacts_by_expiry" ON "mechanic"."job_artifacts" ("expires_at") WHERE "expires_at" IS NOT NULL;

-- The closed chunks of an attempt's log, in the place for bytes; the newest one is a file of the worker's until it is closed.
CREATE TABLE "mechanic"."job_log_chunks" (
    "job_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    -- Where it begins in the log, and how long it is, bytes of the log's own form.
    "start" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "lines" BIGINT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "blob_id" TEXT NOT NULL,

    CONSTRAINT "job_log_chunks_pkey" PRIMARY KEY ("job_id", "attempt", "start"),
    CONSTRAINT "job_log_chunks_attempt_fkey" FOREIGN KEY ("job_id", "attempt") REFERENCES "mechanic"."job_attempts"("job_id", "number") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_log_chunks_blob_fkey" FOREIGN KEY ("blob_id") REFERENCES "mechanic"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "job_log_chunks_by_blob" ON "mechanic"."job_log_chunks" ("blob_id");

CREATE TABLE "mechanic"."outbox" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_until" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "outbox_unpublished_idx" ON "mechanic"."outbox"("created_at", "id") WHERE "published_at" IS NULL;
