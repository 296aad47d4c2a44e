-- Where a credential is good, when it was bound to one place: 'gateway', or the name of an agent for that agent's own endpoint.

ALTER TABLE "sentinel"."credentials" ADD COLUMN "audience" TEXT;
