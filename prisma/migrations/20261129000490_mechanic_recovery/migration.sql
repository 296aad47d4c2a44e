-- What the lab does about trouble by itself: under which policy, and what it has done.
CREATE TABLE "mechanic"."recovery_policy" (
    "kind" TEXT NOT NULL,
    -- off, advise: health and the tool say it; act: it is done without being asked.
    "mode" TEXT NOT NULL,
    -- For one target.
    "per_hour" INTEGER NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "set_by" TEXT,

    CONSTRAINT "recovery_policy_pkey" PRIMARY KEY ("kind"),
    CONSTRAINT "recovery_policy_mode" CHECK ("mode" IN ('off', 'advise', 'act')),
    CONSTRAINT "recovery_policy_per_hour" CHECK ("per_hour" BETWEEN 1 AND 1000)
);
INSERT INTO "mechanic"."recovery_policy" ("kind", "mode", "per_hour") VALUES
    ('requeue_lost', 'act', 30), ('redeliver', 'act', 12), ('restart_failed', 'advise', 1),
    ('free_gpu', 'act', 6), ('reset_circuit', 'act', 6), ('reroute', 'advise', 1);

-- Each action, who asked for it and what came of it. Rows are only added; one that was begun is ended once.
CREATE TABLE "mechanic"."recovery_actions" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    -- A wallet, or policy.
    "by" TEXT NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "outcome" TEXT NOT NULL DEFAULT 'begun',
    "message" TEXT,

    CONSTRAINT "recovery_actions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "recovery_actions_outcome" CHECK ("outcome" IN ('begun', 'done', 'failed'))
);
CREATE INDEX "recovery_actions_of_target" ON "mechanic"."recovery_actions" ("kind", "target", "begun_at");
CREATE INDEX "recovery_actions_newest" ON "mechanic"."recovery_actions" ("begun_at" DESC);
