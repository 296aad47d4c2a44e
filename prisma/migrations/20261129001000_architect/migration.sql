-- The Architect: published templates, projects and what they were made of.
CREATE SCHEMA IF NOT EXISTS "architect";

CREATE TABLE "architect"."blobs" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "media_type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "blobs_by_content" ON "architect"."blobs"("sha256");
CREATE INDEX "blobs_by_owner" ON "architect"."blobs"("owner", "bytes");

-- One row: when content is next looked through for what nobody names.
CREATE TABLE "architect"."blob_upkeep" (
    "id" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blob_upkeep_pkey" PRIMARY KEY ("id")
);

-- A version that was published stays as it is.
CREATE TABLE "architect"."templates" (
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "blob_id" TEXT NOT NULL,
    "source" JSONB NOT NULL,
    "published_by" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "templates_pkey" PRIMARY KEY ("name", "version"),
    CONSTRAINT "templates_blob_id_fkey" FOREIGN KEY ("blob_id") REFERENCES "architect"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE "architect"."projects" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "folder" TEXT,
    "state" TEXT NOT NULL,
    "making_until" TIMESTAMPTZ(3),
    "inputs" JSONB NOT NULL,
    "secrets" JSONB NOT NULL,
    "base_blob" TEXT,
    "archive_blob" TEXT,
    "token_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "projects_base_blob_fkey" FOREIGN KEY ("base_blob") REFERENCES "architect"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "projects_archive_blob_fkey" FOREIGN KEY ("archive_blob") REFERENCES "architect"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "projects_state" CHECK ("state" IN ('making', 'ready', 'deleted')),
    CONSTRAINT "projects_place" CHECK ("place" IN ('folder', 'archive', 'both'))
);
-- Of two that make one at once, one wins.
CREATE UNIQUE INDEX "projects_names" ON "architect"."projects"("owner", "name") WHERE "state" <> 'deleted';
CREATE INDEX "projects_by_owner" ON "architect"."projects"("owner", "id");
CREATE INDEX "projects_by_base" ON "architect"."projects"("base_blob");
CREATE INDEX "projects_by_archive" ON "architect"."projects"("archive_blob");

CREATE TABLE "architect"."revisions" (
    "project_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "conflicts" INTEGER NOT NULL,
    "kept" INTEGER NOT NULL,

    CONSTRAINT "revisions_pkey" PRIMARY KEY ("project_id", "number"),
    CONSTRAINT "revisions_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "architect"."projects"("id") ON DELETE CASCADE ON UPDATE RESTRICT
);
