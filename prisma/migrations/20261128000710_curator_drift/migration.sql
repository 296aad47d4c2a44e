-- How a version's columns differ from the schema of the one before, as it was told when it came.
ALTER TABLE "curator"."dataset_versions" ADD COLUMN "drift" JSON;
