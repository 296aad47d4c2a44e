-- The Sentinel: signing keys, credentials, who has which role, and the audit log.
-- Kept to PostgreSQL 15: the embedded database is newer than the servers.

CREATE SCHEMA IF NOT EXISTS "sentinel";

CREATE TABLE "sentinel"."signing_keys" (
    "kid" TEXT NOT NULL,
    "public_key" JSONB NOT NULL,
    "sealed_private" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("kid")
);

CREATE TABLE "sentinel"."wallet_roles" (
    "wallet_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "wallet_roles_pkey" PRIMARY KEY ("wallet_id"),
    CONSTRAINT "wallet_roles_wallet_id_form" CHECK ("wallet_id" ~ '^wal_[0-9a-f-]{36}$')
);

CREATE TABLE "sentinel"."credentials" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "permissions" TEXT[],
    "toolset" JSONB,
    "label" TEXT,
    "key_hash" BYTEA,
    "issued_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "credentials_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "credentials_hash_of_client_keys" CHECK (
        ("kind" = 'access' AND "key_hash" IS NULL) OR ("kind" = 'client_key' AND length("key_hash") = 32)
    )
);

CREATE TABLE "sentinel"."sign_in_codes" (
    "code_hash" BYTEA NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "permissions" TEXT[],
    "toolset" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_codes_pkey" PRIMARY KEY ("code_hash")
);

CREATE TABLE "sentinel"."audit_records" (
    "cursor" BIGSERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "call_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "wallet_id" TEXT,
    "credential_id" TEXT,
    "chain" TEXT[],
    "agent" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "duration_ms" DOUBLE PRECISION NOT NULL,
    "input_hash" TEXT,
    "output_hash" TEXT,

    CONSTRAINT "audit_records_pkey" PRIMARY KEY ("cursor")
);

CREATE TABLE "sentinel"."outbox" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_until" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- Replicas that start at once race for the first key and the operator's wallet: these two let one of them win.
CREATE UNIQUE INDEX "signing_keys_one_active" ON "sentinel"."signing_keys"((true)) WHERE "retired_at" IS NULL;
CREATE UNIQUE INDEX "wallet_roles_one_operator" ON "sentinel"."wallet_roles"("role") WHERE "role" = 'operator';

CREATE UNIQUE INDEX "credentials_key_hash_key" ON "sentinel"."credentials"("key_hash");
CREATE INDEX "credentials_wallet_id_idx" ON "sentinel"."credentials"("wallet_id");
CREATE INDEX "credentials_expires_at_idx" ON "sentinel"."credentials"("expires_at");
CREATE INDEX "sign_in_codes_expires_at_idx" ON "sentinel"."sign_in_codes"("expires_at");
CREATE UNIQUE INDEX "audit_records_id_key" ON "sentinel"."audit_records"("id");
CREATE INDEX "audit_records_wallet_id_cursor_idx" ON "sentinel"."audit_records"("wallet_id", "cursor");
CREATE INDEX "audit_records_agent_tool_cursor_idx" ON "sentinel"."audit_records"("agent", "tool", "cursor");
CREATE INDEX "outbox_unpublished_idx" ON "sentinel"."outbox"("created_at", "id") WHERE "published_at" IS NULL;

-- Appends call records given as a JSON array; those already there (by id) are skipped, so a batch can come twice.
-- Writers take turns. A reader goes on from the greatest cursor it saw, and numbers are drawn before the commit: without
-- turns, 8 could be seen while 7 is still uncommitted, and 7 would never be read. The lock is held from before the first
-- number is drawn until the commit, so whoever sees a cursor also sees every smaller one that will ever exist.
CREATE FUNCTION "sentinel"."record_calls"(p_records JSONB) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    v_added INTEGER;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sentinel.audit_records', 0));
    INSERT INTO "sentinel"."audit_records"
        ("id", "call_id", "at", "wallet_id", "credential_id", "chain", "agent", "tool", "decision", "outcome",
         "duration_ms", "input_hash", "output_hash")
    SELECT r."id", r."callId", r."at", r."walletId", r."credentialId", r."chain", r."agent", r."tool", r."decision",
           r."outcome", r."durationMs", r."inputHash", r."outputHash"
    FROM jsonb_to_recordset(p_records) AS r(
        "id" TEXT, "callId" TEXT, "at" TIMESTAMPTZ, "walletId" TEXT, "credentialId" TEXT, "chain" TEXT[],
        "agent" TEXT, "tool" TEXT, "decision" TEXT, "outcome" TEXT, "durationMs" DOUBLE PRECISION,
        "inputHash" TEXT, "outputHash" TEXT)
    ON CONFLICT ("id") DO NOTHING;
    GET DIAGNOSTICS v_added = ROW_COUNT;
    RETURN v_added;
END;
$$;
