-- The Curator: content leaves the database for the place for bytes, a dataset has versions, and what it does is told by events.

-- What names content in the place for bytes: content that no row here names is removed.
CREATE TABLE "curator"."blobs" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "media_type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "blobs_sha256_is_one" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
    CONSTRAINT "blobs_bytes_fit" CHECK ("bytes" >= 0)
);
CREATE INDEX "blobs_by_content" ON "curator"."blobs" ("sha256");
CREATE INDEX "blobs_by_owner" ON "curator"."blobs" ("owner", "bytes");

-- One row: when content is next looked through for what nobody names.
CREATE TABLE "curator"."blob_upkeep" (
    "id" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blob_upkeep_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "curator"."outbox" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_until" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "outbox_unpublished_idx" ON "curator"."outbox"("created_at", "id") WHERE "published_at" IS NULL;

-- What was submitted, never changed afterwards. Without blob_id it is withdrawn, or its content is still in the old column.
CREATE TABLE "curator"."dataset_versions" (
    "dataset_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "format" TEXT NOT NULL,
    "row_count" BIGINT NOT NULL,
    "byte_count" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "blob_id" TEXT,
    -- The same rows as a table of Parquet, where one was made.
    "table_blob_id" TEXT,
    "provenance" JSON NOT NULL,
    "row_schema" JSON,
    "columns" JSON,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_versions_pkey" PRIMARY KEY ("dataset_id", "version"),
    CONSTRAINT "dataset_versions_counts_fit" CHECK ("version" > 0 AND "row_count" >= 0 AND "byte_count" >= 0)
);

INSERT INTO "curator"."dataset_versions"
    ("dataset_id", "version", "format", "row_count", "byte_count", "sha256", "provenance", "row_schema", "columns", "created_at")
SELECT "id", 1, "format", "row_count", "byte_count", "sha256", "provenance", "row_schema", "columns", "created_at"
FROM "curator"."datasets";

-- What lists look at stays with the dataset: of its last version, and what its owner says of it.
ALTER TABLE "curator"."datasets"
    DROP CONSTRAINT "datasets_counts_fit",
    DROP CONSTRAINT "datasets_format_known",
    ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    ADD COLUMN "withdrawn_at" TIMESTAMPTZ(3),
    ADD COLUMN "source" TEXT NOT NULL DEFAULT 'submission',
    ADD COLUMN "license" TEXT,
    ADD COLUMN "topics" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    ALTER COLUMN "content" DROP NOT NULL;

UPDATE "curator"."datasets" SET
    "updated_at" = "created_at",
    "license" = "provenance" ->> 'license',
    "source" = CASE WHEN "owner" = 'lab' THEN 'lab' WHEN "provenance" ->> 'derivedFrom' IS NULL THEN 'submission' ELSE 'transformed' END;

ALTER TABLE "curator"."datasets"
    ALTER COLUMN "version" DROP DEFAULT,
    ALTER COLUMN "source" DROP DEFAULT,
    DROP COLUMN "row_count",
    DROP COLUMN "byte_count",
    DROP COLUMN "sha256",
    DROP COLUMN "provenance",
    DROP COLUMN "row_schema",
    DROP COLUMN "columns";

ALTER TABLE "curator"."dataset_versions" ADD CONSTRAINT "dataset_versions_dataset_id_fkey"
    FOREIGN KEY ("dataset_id") REFERENCES "curator"."datasets"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "curator"."dataset_versions" ADD CONSTRAINT "dataset_versions_blob_id_fkey"
    FOREIGN KEY ("blob_id") REFERENCES "curator"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "curator"."dataset_versions" ADD CONSTRAINT "dataset_versions_table_blob_id_fkey"
    FOREIGN KEY ("table_blob_id") REFERENCES "curator"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE INDEX "dataset_versions_by_content" ON "curator"."dataset_versions" ("sha256");
CREATE INDEX "dataset_versions_by_blob" ON "curator"."dataset_versions" ("blob_id");
CREATE INDEX "dataset_versions_by_table" ON "curator"."dataset_versions" ("table_blob_id");

-- Words of the name and the description.
CREATE INDEX "datasets_by_words" ON "curator"."datasets" USING gin (to_tsvector('simple', "name" || ' ' || "description"));

-- Content that a wallet has contributed: it earns once, withdrawn and submitted again or not.
CREATE TABLE "curator"."contributions" (
    "wallet_id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "contributed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contributions_pkey" PRIMARY KEY ("wallet_id", "sha256")
);
INSERT INTO "curator"."contributions" ("wallet_id", "sha256", "contributed_at")
SELECT d."owner", v."sha256", min(v."created_at") FROM "curator"."dataset_versions" v
JOIN "curator"."datasets" d ON d."id" = v."dataset_id" WHERE d."owner" <> 'lab' GROUP BY 1, 2;
