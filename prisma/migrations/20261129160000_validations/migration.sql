-- Claims about results on versions of datasets, and what others measured: what settles one is written down in one transaction.
CREATE TABLE "curator"."validations" (
    "id" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "dataset_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "model_sha256" TEXT,
    "metric" TEXT NOT NULL,
    -- Decimals as they were written.
    "claimed" TEXT NOT NULL,
    "tolerance" TEXT NOT NULL,
    "reports_wanted" INTEGER NOT NULL,
    "claim_hash" TEXT NOT NULL,
    "shares_data" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "agreed" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "validations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "validations_dataset_id_version_fkey" FOREIGN KEY ("dataset_id", "version") REFERENCES "curator"."dataset_versions"("dataset_id", "version") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "validations_state_known" CHECK ("state" IN ('open', 'confirmed', 'refuted', 'undecided', 'cancelled')),
    CONSTRAINT "validations_end_whole" CHECK (("state" = 'open') = ("ended_at" IS NULL)),
    CONSTRAINT "validations_agreed_whole" CHECK (("state" IN ('confirmed', 'refuted')) = ("agreed" IS NOT NULL)),
    CONSTRAINT "validations_reports_wanted_bounds" CHECK ("reports_wanted" BETWEEN 2 AND 5)
);

-- A wallet puts the same claim once; again after nobody could tell, or it was taken back.
CREATE UNIQUE INDEX "validations_claim_key" ON "curator"."validations"("asked_by", "claim_hash") WHERE "state" NOT IN ('undecided', 'cancelled');
CREATE INDEX "validations_by_asker" ON "curator"."validations"("asked_by", "id" DESC);
CREATE INDEX "validations_by_dataset" ON "curator"."validations"("dataset_id", "version");
CREATE INDEX "validations_open" ON "curator"."validations"("id" DESC) WHERE "state" = 'open';

CREATE TABLE "curator"."validation_reports" (
    "validation_id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "measured" TEXT NOT NULL,
    "row_count" BIGINT NOT NULL,
    "evidence" TEXT NOT NULL,
    "public_key" TEXT,
    "signature" TEXT,
    "agrees" BOOLEAN,
    "reported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "validation_reports_pkey" PRIMARY KEY ("validation_id", "wallet_id"),
    CONSTRAINT "validation_reports_validation_id_fkey" FOREIGN KEY ("validation_id") REFERENCES "curator"."validations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "validation_reports_signed_whole" CHECK (("public_key" IS NULL) = ("signature" IS NULL))
);

CREATE UNIQUE INDEX "validation_reports_place_key" ON "curator"."validation_reports"("validation_id", "place");
-- A key is one person's, whichever wallets they have.
CREATE UNIQUE INDEX "validation_reports_key_key" ON "curator"."validation_reports"("validation_id", "public_key");
CREATE INDEX "validation_reports_by_wallet" ON "curator"."validation_reports"("wallet_id", "validation_id" DESC);
