-- A new signing key is published before anything is signed with it, so that whoever verifies knows it by then.

ALTER TABLE "sentinel"."signing_keys" ADD COLUMN "signs_from" TIMESTAMPTZ(3);
