-- Access tokens that are not what they say: withdrawn, or of a wallet that has another role since. Each Sentinel reads them at
-- its start and again every half second, and keeps them in memory until they expire, so that a signed token needs no row. Few
-- rows are in these indexes, however many tokens there are.

ALTER TABLE "sentinel"."credentials" ADD COLUMN "role_changed_at" TIMESTAMPTZ(3);

CREATE INDEX "credentials_withdrawn_access_idx" ON "sentinel"."credentials"("revoked_at")
    WHERE "kind" = 'access' AND "revoked_at" IS NOT NULL;

CREATE INDEX "credentials_changed_access_idx" ON "sentinel"."credentials"("role_changed_at")
    WHERE "kind" = 'access' AND "role_changed_at" IS NOT NULL;
