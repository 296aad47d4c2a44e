-- The Curator's tables: datasets with their bytes, schema and provenance.
CREATE SCHEMA IF NOT EXISTS "curator";

CREATE TABLE "curator"."datasets" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "row_count" INTEGER NOT NULL,
    "byte_count" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "provenance" JSON NOT NULL,
    "row_schema" JSON,
    "columns" JSON,
    "content" BYTEA NOT NULL,

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "datasets_format_known" CHECK ("format" IN ('json', 'csv', 'parquet', 'yaml')),
    CONSTRAINT "datasets_counts_fit" CHECK ("row_count" >= 0 AND "byte_count" = octet_length("content"))
);

-- Kept whole and out of the row: listing reads no content, and fetching unpacks none.
ALTER TABLE "curator"."datasets" ALTER COLUMN "content" SET STORAGE EXTERNAL;

CREATE INDEX "datasets_by_owner" ON "curator"."datasets" ("owner", "created_at" DESC, "id" DESC);
