-- Places in a log count the bytes of both streams together; with these two, a place, an offset or a line of one stream is found
-- without reading the chunk.
ALTER TABLE "mechanic"."job_log_chunks"
    -- Of its bytes and lines, those of stdout.
    ADD COLUMN "stdout_bytes" BIGINT NOT NULL,
    ADD COLUMN "stdout_lines" BIGINT NOT NULL,
    ADD CONSTRAINT "job_log_chunks_amounts" CHECK (
        "start" >= 0 AND "bytes" > 0 AND "stdout_bytes" BETWEEN 0 AND "bytes" AND "stdout_lines" BETWEEN 0 AND "lines"
    );
