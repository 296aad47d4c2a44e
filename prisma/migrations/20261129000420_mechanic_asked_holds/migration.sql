-- Money that was asked for before its job was a row. Whoever writes the job takes this away in the same transaction; what is left by a
-- crash is given back.
CREATE TABLE "mechanic"."asked_holds" (
    "job_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "asked_holds_pkey" PRIMARY KEY ("job_id")
);
CREATE INDEX "asked_holds_oldest" ON "mechanic"."asked_holds" ("asked_at");
