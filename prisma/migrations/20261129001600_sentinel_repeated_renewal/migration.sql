-- SHA-256 of the refresh token that an exchange gave, where the caller can repeat it: the same request is then the same exchange.

ALTER TABLE "sentinel"."credentials" ADD COLUMN "next_hash" BYTEA;
