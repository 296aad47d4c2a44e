-- What the models found unusual, grouped; which alarms were counted already; and how far behaviour was scored, by whom.

CREATE TABLE "sentinel"."anomalies" (
    "id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "wallet_id" TEXT,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "calls" INTEGER NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "credential_id" TEXT,
    "call_id" TEXT NOT NULL,
    "agent" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "reasons" JSONB NOT NULL,
    "response" TEXT NOT NULL,
    "enforced" BOOLEAN NOT NULL,
    "restricted_at" TIMESTAMPTZ(3),
    "restricted_until" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" TEXT,
    "verdict" TEXT,
    "note" TEXT,

    CONSTRAINT "anomalies_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "anomalies_wallet_id_model_last_at_idx" ON "sentinel"."anomalies"("wallet_id", "model", "last_at");
CREATE INDEX "anomalies_last_at_idx" ON "sentinel"."anomalies"("last_at");
CREATE INDEX "anomalies_resolved_at_idx" ON "sentinel"."anomalies"("resolved_at");
-- The few that keep a wallet from something: every process of the lab asks for them now and then.
CREATE INDEX "anomalies_restricting" ON "sentinel"."anomalies"("restricted_until")
    WHERE "restricted_until" IS NOT NULL AND "resolved_at" IS NULL;

-- An alarm can come twice; it counts once. Kept for some days only.
CREATE TABLE "sentinel"."anomaly_alarms" (
    "id" TEXT NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "anomaly_alarms_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "anomaly_alarms_counted_at_idx" ON "sentinel"."anomaly_alarms"("counted_at");

-- How far the audit log was scored, and the one replica that goes on, while its lease lasts.
CREATE TABLE "sentinel"."behaviour_progress" (
    "name" TEXT NOT NULL,
    "cursor" BIGINT NOT NULL,
    "holder" TEXT,
    "held_until" TIMESTAMPTZ(3),

    CONSTRAINT "behaviour_progress_pkey" PRIMARY KEY ("name")
);
