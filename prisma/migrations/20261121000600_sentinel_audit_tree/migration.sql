-- The audit log as a Merkle tree (RFC 9162): every record is a leaf, its cursor its place, counted from 1 without gaps.

ALTER TABLE "sentinel"."audit_records"
    ADD COLUMN "input_bytes" INTEGER,
    ADD COLUMN "output_bytes" INTEGER,
    ADD COLUMN "about" JSONB,
    -- Null only in records from before there was a tree; the Sentinel fills it in at its next start.
    ADD COLUMN "leaf_hash" BYTEA,
    ADD CONSTRAINT "audit_records_leaf_hash_length" CHECK (length("leaf_hash") = 32);

-- Places have no gaps. By way of negative numbers, since no two rows may share one at any moment.
UPDATE "sentinel"."audit_records" AS a SET "cursor" = -d."place"
FROM (SELECT "id", row_number() OVER (ORDER BY "cursor") AS "place" FROM "sentinel"."audit_records") AS d
WHERE a."id" = d."id";
UPDATE "sentinel"."audit_records" SET "cursor" = -"cursor";
ALTER TABLE "sentinel"."audit_records" ALTER COLUMN "cursor" DROP DEFAULT;
DROP SEQUENCE "sentinel"."audit_records_cursor_seq";

-- The leaf's hash tells records apart as well as their id does.
DROP INDEX "sentinel"."audit_records_id_key";
CREATE UNIQUE INDEX "audit_records_leaf_hash_key" ON "sentinel"."audit_records"("leaf_hash");
CREATE INDEX "audit_records_call_id_idx" ON "sentinel"."audit_records"("call_id");
-- Records come nearly in the order of their time, so a few bytes per hundred pages find a span of it.
CREATE INDEX "audit_records_at_idx" ON "sentinel"."audit_records" USING BRIN ("at");

-- Hashes of perfect subtrees of 256, 256 * 256, ... leaves: a proof reads a few hundred hashes, however long the log.
CREATE TABLE "sentinel"."audit_subtrees" (
    "height" SMALLINT NOT NULL,
    "index" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_subtrees_pkey" PRIMARY KEY ("height", "index")
);

-- Signed tree heads. Each names the one before it, so of replicas that sign at once one wins, and there is one chain.
CREATE TABLE "sentinel"."audit_tree_heads" (
    "size" BIGINT NOT NULL,
    "previous_size" BIGINT NOT NULL,
    "checkpoint" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_tree_heads_pkey" PRIMARY KEY ("size"),
    CONSTRAINT "audit_tree_heads_grow" CHECK ("size" > "previous_size")
);
CREATE UNIQUE INDEX "audit_tree_heads_previous_size_key" ON "sentinel"."audit_tree_heads"("previous_size");

-- The one key of the log; its private half sealed.
CREATE TABLE "sentinel"."audit_log_key" (
    "name" TEXT NOT NULL,
    "verifier_key" TEXT NOT NULL,
    "sealed_private" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_log_key_pkey" PRIMARY KEY ("name")
);
CREATE UNIQUE INDEX "audit_log_key_one" ON "sentinel"."audit_log_key"((true));

-- Appends call records given as a JSON array, each at most once in it; those already there are skipped, so a batch can
-- come twice. Writers take turns, which gives each record the next place and lets whoever sees a cursor see every smaller
-- one too. A place that was signed for is never given again, even when its record is gone: the gap then shows it.
CREATE OR REPLACE FUNCTION "sentinel"."record_calls"(p_records JSONB) RETURNS INTEGER LANGUAGE plpgsql
-- A plan made while the log was short is kept: it must be one for a long log.
SET enable_seqscan = off AS $$
DECLARE
    v_added INTEGER;
    v_last BIGINT;
    v_known BYTEA[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sentinel.audit_records', 0));
    v_last := GREATEST(
        COALESCE((SELECT max("cursor") FROM "sentinel"."audit_records"), 0),
        COALESCE((SELECT max("size") FROM "sentinel"."audit_tree_heads"), 0));
    -- By the index, and nearly always none: joined to the table, a batch would cost more the longer the log is.
    v_known := ARRAY(
        SELECT known."leaf_hash" FROM "sentinel"."audit_records" AS known
        WHERE known."leaf_hash" = ANY(ARRAY(
            SELECT decode(r."value" ->> 'leafHash', 'hex') FROM jsonb_array_elements(p_records) AS r)));
    INSERT INTO "sentinel"."audit_records"
        ("cursor", "id", "call_id", "at", "wallet_id", "credential_id", "chain", "agent", "tool", "decision", "outcome",
         "duration_ms", "input_hash", "output_hash", "input_bytes", "output_bytes", "about", "leaf_hash")
    SELECT v_last + row_number() OVER (ORDER BY r."place"), r."id", r."callId", r."at", r."walletId", r."credentialId",
           r."chain", r."agent", r."tool", r."decision", r."outcome", r."durationMs", r."inputHash", r."outputHash",
           r."inputBytes", r."outputBytes", NULLIF(r."about", 'null'::jsonb), decode(r."leafHash", 'hex')
    FROM jsonb_to_recordset(p_records) AS r(
        "place" INTEGER, "id" TEXT, "callId" TEXT, "at" TIMESTAMPTZ, "walletId" TEXT, "credentialId" TEXT, "chain" TEXT[],
        "agent" TEXT, "tool" TEXT, "decision" TEXT, "outcome" TEXT, "durationMs" DOUBLE PRECISION,
        "inputHash" TEXT, "outputHash" TEXT, "inputBytes" INTEGER, "outputBytes" INTEGER, "about" JSONB, "leafHash" TEXT)
    WHERE decode(r."leafHash", 'hex') <> ALL(v_known);
    GET DIAGNOSTICS v_added = ROW_COUNT;
    RETURN v_added;
END;
$$;
