-- Pictures that sources made of parameters, by the request that brought them.
CREATE TABLE "curator"."pictures" (
    "request" TEXT NOT NULL,
    "blob_id" TEXT NOT NULL,
    "fetched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pictures_pkey" PRIMARY KEY ("request"),
    CONSTRAINT "pictures_blob_id_fkey" FOREIGN KEY ("blob_id") REFERENCES "curator"."blobs"("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- CreateIndex
CREATE INDEX "pictures_by_blob" ON "curator"."pictures"("blob_id");

-- CreateIndex
CREATE INDEX "pictures_by_use" ON "curator"."pictures"("used_at");
