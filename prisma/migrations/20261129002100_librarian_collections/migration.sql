-- Collections of documents that people bring: whose they are, where they came from, and their texts.
CREATE TABLE "librarian"."collections" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "readers" TEXT NOT NULL,
    "revision" BIGINT NOT NULL,
    "documents" INTEGER NOT NULL,
    "characters" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "collections_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "collections_readers" CHECK ("readers" IN ('owner', 'lab'))
);
CREATE UNIQUE INDEX "collections_owner_name_key" ON "librarian"."collections"("owner", "name");
CREATE INDEX "collections_of_the_lab" ON "librarian"."collections"("id") WHERE "readers" = 'lab';

CREATE TABLE "librarian"."sources" (
    "id" TEXT NOT NULL,
    "collection_id" TEXT NOT NULL,
    "came_from" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "kind" TEXT,
    "commit" TEXT,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "next_look_at" TIMESTAMPTZ(3),
    "problem" TEXT,

    CONSTRAINT "sources_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sources_came_from" CHECK ("came_from" IN ('text', 'upload', 'folder', 'git')),
    CONSTRAINT "sources_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "librarian"."collections"("id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "sources_collection_id_came_from_place_key" ON "librarian"."sources"("collection_id", "came_from", "place");
CREATE INDEX "sources_next_look_at_idx" ON "librarian"."sources"("next_look_at");

-- `content` is of the file and of how it is read, `version` of the text that came of it.
CREATE TABLE "librarian"."documents" (
    "collection_id" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "form" TEXT NOT NULL,
    "title" TEXT,
    "text" TEXT NOT NULL,
    "characters" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "documents_pkey" PRIMARY KEY ("collection_id", "path"),
    CONSTRAINT "documents_form" CHECK ("form" IN ('markdown', 'text', 'code')),
    CONSTRAINT "documents_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "librarian"."collections"("id") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "documents_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "librarian"."sources"("id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "documents_source_id_idx" ON "librarian"."documents"("source_id");

-- What every agent has that takes uploads.
CREATE TABLE "librarian"."blobs" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "media_type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "blobs_by_content" ON "librarian"."blobs"("sha256");
CREATE INDEX "blobs_by_owner" ON "librarian"."blobs"("owner", "bytes");

CREATE TABLE "librarian"."blob_upkeep" (
    "id" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blob_upkeep_pkey" PRIMARY KEY ("id")
);
