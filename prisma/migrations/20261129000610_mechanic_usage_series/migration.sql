-- What an attempt used over time: a series of bounded length, which its worker keeps while it runs.
ALTER TABLE "mechanic"."job_attempts" ADD COLUMN "usage_series" JSONB;
