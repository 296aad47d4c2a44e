-- The Librarian's tables: logged solutions and the counter that puts them in order.
CREATE SCHEMA IF NOT EXISTS "librarian";

CREATE TABLE "librarian"."solutions" (
    "id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "title" TEXT NOT NULL,
    "problem" TEXT NOT NULL,
    "solution" TEXT NOT NULL,
    "tags" TEXT[],
    "author_wallet_id" TEXT NOT NULL,
    "logged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "solutions_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "solutions_sequence_key" ON "librarian"."solutions" ("sequence");

-- A counter row and not a database sequence: a sequence hands out numbers before the commit, so a reader that has seen 6
-- could miss a 5 that commits later. Writers wait here for each other's commit; readers never do.
CREATE TABLE "librarian"."solution_counter" (
    "id" INTEGER NOT NULL,
    "last" BIGINT NOT NULL,

    CONSTRAINT "solution_counter_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "solution_counter_one_row" CHECK ("id" = 1)
);

INSERT INTO "librarian"."solution_counter" ("id", "last") VALUES (1, 0);
