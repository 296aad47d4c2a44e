-- Files that were written for somebody to download: whose each is, until it is a day old.
CREATE TABLE "mechanic"."written_files" (
    "blob_id" TEXT NOT NULL,
    "made_for" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "written_files_pkey" PRIMARY KEY ("blob_id"),
    CONSTRAINT "written_files_blob_id_fkey" FOREIGN KEY ("blob_id") REFERENCES "mechanic"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- CreateIndex
CREATE INDEX "written_files_by_reader" ON "mechanic"."written_files"("made_for", "made_at");

-- CreateIndex
CREATE INDEX "written_files_by_age" ON "mechanic"."written_files"("made_at");
