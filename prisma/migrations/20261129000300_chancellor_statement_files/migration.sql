-- Statements of wallets as files: who names which content, and for whom each was made until it is a day old.
CREATE TABLE "chancellor"."blobs" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "media_type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("id")
);

-- One row: when content is next looked through for what nobody names.
CREATE TABLE "chancellor"."blob_upkeep" (
    "id" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blob_upkeep_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "chancellor"."statement_files" (
    "blob_id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "made_for" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "statement_files_pkey" PRIMARY KEY ("blob_id"),
    CONSTRAINT "statement_files_blob_id_fkey" FOREIGN KEY ("blob_id") REFERENCES "chancellor"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- CreateIndex
CREATE INDEX "blobs_by_content" ON "chancellor"."blobs"("sha256");

-- CreateIndex
CREATE INDEX "blobs_by_owner" ON "chancellor"."blobs"("owner", "bytes");

-- CreateIndex
CREATE INDEX "statement_files_by_reader" ON "chancellor"."statement_files"("made_for", "made_at");

-- CreateIndex
CREATE INDEX "statement_files_by_age" ON "chancellor"."statement_files"("made_at");
