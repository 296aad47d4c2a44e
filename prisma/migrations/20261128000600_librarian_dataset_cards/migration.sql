-- Cards of the lab's datasets, and the counter that puts them in order: see the one of solutions.
CREATE TABLE "librarian"."dataset_cards" (
    "dataset_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "sequence" BIGINT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "dataset_cards_pkey" PRIMARY KEY ("dataset_id")
);

CREATE UNIQUE INDEX "dataset_cards_sequence_key" ON "librarian"."dataset_cards" ("sequence");

CREATE TABLE "librarian"."dataset_card_counter" (
    "id" INTEGER NOT NULL,
    "last" BIGINT NOT NULL,

    CONSTRAINT "dataset_card_counter_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "dataset_card_counter_one_row" CHECK ("id" = 1)
);

INSERT INTO "librarian"."dataset_card_counter" ("id", "last") VALUES (1, 0);
