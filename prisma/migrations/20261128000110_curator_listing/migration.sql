-- The Curator: lists of datasets, found by words and by facets without looking at each.

-- Signs are no part of a word, so that "flares.csv" is found by both of its words. The database's own reading would keep it whole.
ALTER TABLE "curator"."datasets" ADD COLUMN "words" tsvector
    GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, translate(("name" || ' '::text) || "description", '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~'::text, repeat(' '::text, 32)))) STORED;

DROP INDEX "curator"."datasets_by_words";
CREATE INDEX "datasets_by_words" ON "curator"."datasets" USING gin ("words");
CREATE INDEX "datasets_by_topic" ON "curator"."datasets" USING gin ("topics");

-- Of an owner, newest first: all, and those of one facet. What was withdrawn is in none.
CREATE INDEX "datasets_listed" ON "curator"."datasets" ("owner", "created_at" DESC, "id" DESC) WHERE "withdrawn_at" IS NULL;
CREATE INDEX "datasets_listed_by_format" ON "curator"."datasets" ("owner", "format", "created_at" DESC, "id" DESC)
    WHERE "withdrawn_at" IS NULL;
CREATE INDEX "datasets_listed_by_source" ON "curator"."datasets" ("owner", "source", "created_at" DESC, "id" DESC)
    WHERE "withdrawn_at" IS NULL;
CREATE INDEX "datasets_listed_by_license" ON "curator"."datasets" ("owner", "license", "created_at" DESC, "id" DESC)
    WHERE "withdrawn_at" IS NULL;
CREATE INDEX "datasets_listed_by_change" ON "curator"."datasets" ("owner", "updated_at") WHERE "withdrawn_at" IS NULL;

-- How often an owner's datasets have changed: counts of them hold for as long as this is the same.
CREATE TABLE "curator"."dataset_changes" (
    "owner" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "dataset_changes_pkey" PRIMARY KEY ("owner")
);
