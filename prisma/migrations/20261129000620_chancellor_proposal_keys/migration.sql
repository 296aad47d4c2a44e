-- A proposal that is sent again under its key is the same one.
ALTER TABLE "chancellor"."proposals" ADD COLUMN "idempotency_key" TEXT, ADD COLUMN "asked_hash" BYTEA;
CREATE UNIQUE INDEX "proposals_proposer_key" ON "chancellor"."proposals" ("proposer_id", "idempotency_key");
