-- Refresh tokens: each is exchanged once, and all that come from one sign-in are a family that is withdrawn together.

ALTER TABLE "sentinel"."credentials"
    ADD COLUMN "family_id" TEXT,
    ADD COLUMN "exchanged_at" TIMESTAMPTZ(3),
    DROP CONSTRAINT "credentials_hash_of_client_keys",
    ADD CONSTRAINT "credentials_hash_of_opaque" CHECK (
        ("kind" = 'access' AND "key_hash" IS NULL)
        OR ("kind" IN ('client_key', 'refresh') AND "key_hash" IS NOT NULL AND length("key_hash") = 32)
    ),
    ADD CONSTRAINT "credentials_refresh_in_family" CHECK ("kind" <> 'refresh' OR "family_id" IS NOT NULL);

CREATE INDEX "credentials_family_id_idx" ON "sentinel"."credentials"("family_id");
