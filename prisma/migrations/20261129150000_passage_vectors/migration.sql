-- Sentence encoders that an operator brings, and the vectors that they give passages.
CREATE TABLE "librarian"."encoders" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "card" JSONB NOT NULL,
    "licence" TEXT,
    "graph_blob_id" TEXT NOT NULL,
    "tokenizer_blob_id" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL,

    CONSTRAINT "encoders_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "encoders_state" CHECK ("state" IN ('kept', 'coming', 'answering'))
);
CREATE UNIQUE INDEX "encoders_name_key" ON "librarian"."encoders"("name");
-- One answers, and at most one more is on its way to.
CREATE UNIQUE INDEX "encoders_in_use" ON "librarian"."encoders"("state") WHERE "state" <> 'kept';

-- The vectors of all passages of a text, one after the other, or who is making them. Those of a collection's text go with its row, in
-- the same transaction: by its version, since a changed text is another row.
CREATE UNIQUE INDEX "documents_by_version" ON "librarian"."documents"("collection_id", "path", "version");
CREATE TABLE "librarian"."passage_vectors" (
    "model_id" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "form" INTEGER NOT NULL,
    "collection_id" TEXT,
    "path" TEXT,
    "claimed_until" TIMESTAMPTZ(3),
    "vectors" BYTEA,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "passage_vectors_pkey" PRIMARY KEY ("model_id", "file", "version"),
    CONSTRAINT "passage_vectors_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "librarian"."encoders"("id") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "passage_vectors_document_fkey" FOREIGN KEY ("collection_id", "path", "version") REFERENCES "librarian"."documents"("collection_id", "path", "version") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "passage_vectors_by_document" ON "librarian"."passage_vectors"("collection_id", "path", "version");
