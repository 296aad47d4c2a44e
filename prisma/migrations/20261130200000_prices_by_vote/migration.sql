-- What computing costs is a parameter of the lab, which its members may come to decide: the Mechanic keeps what it was told last, with
-- the version of the parameters that it is of.
ALTER TABLE "mechanic"."prices" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "mechanic"."prices" ADD CONSTRAINT "prices_version" CHECK ("version" >= 0);

-- A lab that had set other prices than every lab begins with goes on with its own, as a version of its parameters.
WITH newest AS (
    SELECT "version", "values", "set_at" FROM "chancellor"."parameter_versions" ORDER BY "version" DESC LIMIT 1
), kept AS (
    SELECT jsonb_object_agg('prices.' || "unit", "micro"::text) AS "values", max("set_by") AS "set_by"
      FROM "mechanic"."prices"
    HAVING bool_or("micro" <> CASE "unit" WHEN 'cpu_second' THEN 100 WHEN 'gpu_second' THEN 1000 ELSE 10 END)
), carried AS (
    INSERT INTO "chancellor"."parameter_versions" ("version", "values", "set_by", "set_at")
    SELECT coalesce((SELECT "version" FROM newest), 0) + 1,
           coalesce((SELECT "values" FROM newest), '{}') || kept."values",
           coalesce(kept."set_by", 'prices of before'), greatest(clock_timestamp(), (SELECT "set_at" FROM newest))
      FROM kept
    RETURNING "version"
)
UPDATE "mechanic"."prices" SET "version" = carried."version" FROM carried;
