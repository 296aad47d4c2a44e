-- What of the knowledge base belongs to a project. Whose a project is, and whether there is one, the Architect alone says.
ALTER TABLE "librarian"."collections" ADD COLUMN "project_id" TEXT;
CREATE INDEX "collections_of_projects" ON "librarian"."collections"("project_id") WHERE "project_id" IS NOT NULL;

-- A solution is logged once, whoever says it, and may be of many projects. That it is of one is that project's owner's to know.
CREATE TABLE "librarian"."solution_projects" (
    "project_id" TEXT NOT NULL,
    "solution_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,

    CONSTRAINT "solution_projects_pkey" PRIMARY KEY ("project_id", "solution_id"),
    CONSTRAINT "solution_projects_solution_id_fkey" FOREIGN KEY ("solution_id") REFERENCES "librarian"."solutions"("id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE INDEX "solution_projects_by_solution" ON "librarian"."solution_projects"("solution_id", "owner");
