-- Keys that encrypt_data encrypts under; each sealed under a key that comes of the master key.

CREATE TABLE "sentinel"."data_keys" (
    "id" TEXT NOT NULL,
    "sealed_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_keys_pkey" PRIMARY KEY ("id")
);

-- Replicas that make or rotate the key at once: one of them wins.
CREATE UNIQUE INDEX "data_keys_one_active" ON "sentinel"."data_keys"((true)) WHERE "retired_at" IS NULL;
