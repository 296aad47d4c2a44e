-- Conversations of wallets. Every key begins with the wallet: what another one has named likewise is not there for it, in any way.
CREATE TABLE "librarian"."conversations" (
    "wallet_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    -- Counts up with every change; each message has the number of its last one.
    "version" BIGINT NOT NULL,
    "messages" INTEGER NOT NULL,
    "characters" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "conversations_pkey" PRIMARY KEY ("wallet_id", "id")
);
CREATE INDEX "conversations_by_change" ON "librarian"."conversations"("wallet_id", "updated_at" DESC, "id" DESC);

CREATE TABLE "librarian"."conversation_messages" (
    "wallet_id" TEXT NOT NULL,
    "conversation_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "parent_id" UUID,
    "sequence" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,
    "role" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    -- JSON as text: half a character at the end of what has come so far is allowed there, and not in JSONB.
    "parts" TEXT NOT NULL,
    "plain" TEXT NOT NULL,
    "characters" INTEGER NOT NULL,
    -- Of what a client brought; null for what the lab wrote.
    "content_hash" TEXT,
    "model" TEXT,
    "failure_code" TEXT,
    "failure" TEXT,
    "input_tokens" INTEGER,
    "output_tokens" INTEGER,
    "left_out" INTEGER NOT NULL DEFAULT 0,
    "cut_short" BOOLEAN NOT NULL DEFAULT false,
    -- Who writes it and until when that is believed; null once it is whole.
    "writer" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "stop_asked" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "conversation_messages_pkey" PRIMARY KEY ("wallet_id", "conversation_id", "id"),
    CONSTRAINT "conversation_messages_role" CHECK ("role" IN ('user', 'assistant', 'tool')),
    CONSTRAINT "conversation_messages_state" CHECK ("state" IN ('streaming', 'complete', 'stopped', 'failed')),
    CONSTRAINT "conversation_messages_root" CHECK ("parent_id" IS NOT NULL OR "role" = 'user'),
    CONSTRAINT "conversation_messages_written" CHECK (("state" = 'streaming') = ("lease_until" IS NOT NULL)),
    CONSTRAINT "conversation_messages_failed" CHECK (("state" = 'failed') = ("failure" IS NOT NULL)),
    CONSTRAINT "conversation_messages_conversation_fkey" FOREIGN KEY ("wallet_id", "conversation_id") REFERENCES "librarian"."conversations"("wallet_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "conversation_messages_parent_fkey" FOREIGN KEY ("wallet_id", "conversation_id", "parent_id") REFERENCES "librarian"."conversation_messages"("wallet_id", "conversation_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "conversation_messages_by_sequence" ON "librarian"."conversation_messages"("wallet_id", "conversation_id", "sequence");
CREATE INDEX "conversation_messages_by_version" ON "librarian"."conversation_messages"("wallet_id", "conversation_id", "version");
CREATE INDEX "conversation_messages_by_parent" ON "librarian"."conversation_messages"("wallet_id", "conversation_id", "parent_id");
CREATE INDEX "conversation_messages_streaming" ON "librarian"."conversation_messages"("wallet_id", "conversation_id") WHERE "state" = 'streaming';

-- Language models that the assistant may use. Keys are as the Sentinel sealed them.
CREATE TABLE "librarian"."models" (
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "sealed_key" TEXT,
    "context_tokens" INTEGER NOT NULL,
    "answer_tokens" INTEGER NOT NULL,
    "timeout_seconds" INTEGER NOT NULL,
    "tools" BOOLEAN NOT NULL,
    "is_default" BOOLEAN NOT NULL,
    "set_by" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "models_pkey" PRIMARY KEY ("name"),
    CONSTRAINT "models_kind" CHECK ("kind" IN ('openai', 'anthropic'))
);
CREATE UNIQUE INDEX "models_default" ON "librarian"."models"("is_default") WHERE "is_default";
