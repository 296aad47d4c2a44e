-- Policies that were set, one row a version, and roles that can change.

CREATE TABLE "sentinel"."policies" (
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "set_by" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "note" TEXT NOT NULL,
    "restored" INTEGER,

    CONSTRAINT "policies_pkey" PRIMARY KEY ("version"),
    -- 0 is the built-in one, which is in no table.
    CONSTRAINT "policies_version_counts" CHECK ("version" > 0)
);

CREATE FUNCTION "sentinel"."refuse_rewrite"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME;
END $$;

CREATE TRIGGER "policies_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "sentinel"."policies"
    FOR EACH STATEMENT EXECUTE FUNCTION "sentinel"."refuse_rewrite"();

-- How often a wallet got another role: of two changes, the one with the greater number is the newer, wherever it is heard.
ALTER TABLE "sentinel"."wallet_roles" ADD COLUMN "changes" INTEGER NOT NULL DEFAULT 0;

-- The newest change of its role that the wallet has heard of.
ALTER TABLE "chancellor"."wallets" ADD COLUMN "role_change" INTEGER NOT NULL DEFAULT 0;
