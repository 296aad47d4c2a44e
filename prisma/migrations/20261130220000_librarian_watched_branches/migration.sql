-- Which branch or tag of a repository was asked for: it is looked at again, as a folder is. One of before is asked for once more by its
-- owner, and is known from then on.
ALTER TABLE "librarian"."sources" ADD COLUMN "ref" TEXT;
