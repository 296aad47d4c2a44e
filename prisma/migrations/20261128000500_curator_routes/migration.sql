-- Routes of data to agents, and the deliveries they bring about.
CREATE TABLE "curator"."routes" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "topics" TEXT[],
    "sources" TEXT[],
    "columns" TEXT[],
    "packets" BOOLEAN NOT NULL,
    "enabled" BOOLEAN NOT NULL,

    CONSTRAINT "routes_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "curator"."shipped_routes" (
    "id" TEXT NOT NULL,

    CONSTRAINT "shipped_routes_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "curator"."deliveries" (
    "id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "dataset_id" TEXT,
    "version" INTEGER,
    "packet_id" UUID,
    "data" JSON NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "proof_hash" BYTEA,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "deliveries_state_known" CHECK ("state" IN ('waiting', 'delivered', 'failed')),
    CONSTRAINT "deliveries_settled" CHECK (("state" = 'waiting') = ("settled_at" IS NULL)),
    CONSTRAINT "deliveries_of_something" CHECK (("dataset_id" IS NULL) = ("version" IS NULL) AND ("dataset_id" IS NULL) <> ("packet_id" IS NULL)),
    CONSTRAINT "deliveries_route_id_fkey" FOREIGN KEY ("route_id") REFERENCES "curator"."routes"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- What fits a route is given to it once.
CREATE UNIQUE INDEX "deliveries_of_version" ON "curator"."deliveries" ("route_id", "dataset_id", "version");
CREATE UNIQUE INDEX "deliveries_of_packet" ON "curator"."deliveries" ("route_id", "packet_id");
CREATE INDEX "deliveries_due" ON "curator"."deliveries" ("next_at") WHERE "state" = 'waiting';
CREATE INDEX "deliveries_by_route" ON "curator"."deliveries" ("route_id", "state", "settled_at" DESC);

-- A version that was looked at by the router.
ALTER TABLE "curator"."dataset_versions" ADD COLUMN "routed_at" TIMESTAMPTZ(3);
CREATE INDEX "dataset_versions_unrouted" ON "curator"."dataset_versions" ("created_at") WHERE "routed_at" IS NULL;
