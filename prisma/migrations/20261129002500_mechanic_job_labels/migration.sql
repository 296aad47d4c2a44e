-- Jobs by a label that few of them have. What many have is found along the newest.
CREATE INDEX "jobs_by_label" ON "mechanic"."jobs" USING GIN ("labels");
