-- What is said of solutions after they were logged: votes, acceptance, other variants; and what they are known by.
ALTER TABLE "librarian"."solutions"
    ADD COLUMN "evidence" TEXT[] NOT NULL DEFAULT '{}',
    -- Of the errors that it solves: their templates, never a line.
    ADD COLUMN "error_templates" TEXT[] NOT NULL DEFAULT '{}',
    -- SHA-256 of problem and solution in their plain form; null for what was logged before there was one.
    ADD COLUMN "content_hash" TEXT,
    -- The first of those that solve the same.
    ADD COLUMN "variant_of" TEXT,
    ADD COLUMN "votes" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "accepted_at" TIMESTAMPTZ(3),
    ADD COLUMN "accepted_by" TEXT,
    ADD CONSTRAINT "solutions_votes_not_negative" CHECK ("votes" >= 0),
    ADD CONSTRAINT "solutions_accepted_by_another" CHECK ("accepted_by" <> "author_wallet_id"),
    ADD CONSTRAINT "solutions_accepted_whole" CHECK (("accepted_at" IS NULL) = ("accepted_by" IS NULL));

CREATE UNIQUE INDEX "solutions_content_hash_key" ON "librarian"."solutions" ("content_hash");
CREATE INDEX "solutions_by_votes" ON "librarian"."solutions" ("votes" DESC, "sequence" DESC);
CREATE INDEX "solutions_by_author" ON "librarian"."solutions" ("author_wallet_id", "sequence" DESC);

-- One vote of a wallet for a solution; withdrawn, it is gone.
CREATE TABLE "librarian"."solution_votes" (
    "solution_id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "voted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "solution_votes_pkey" PRIMARY KEY ("solution_id", "wallet_id"),
    CONSTRAINT "solution_votes_solution_id_fkey" FOREIGN KEY ("solution_id") REFERENCES "librarian"."solutions"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "librarian"."outbox" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_until" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "outbox_unpublished_idx" ON "librarian"."outbox"("created_at", "id") WHERE "published_at" IS NULL;
