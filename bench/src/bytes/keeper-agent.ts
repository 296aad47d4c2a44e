// An agent that keeps what was uploaded and gives it back: what is left is the cost of the way in and out.
import { agentModule } from '@labmesh/agent';
import { BLOBS, type Blobs } from '@labmesh/blobs';
import { AppError, blobId, blobLink, defineAgent, defineTool, type OpenedBlob, UploadId } from '@labmesh/contracts';
import { newId } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import { z } from 'zod';

export const keeper = defineAgent({
  name: 'keeper',
  title: 'The keeper',
  description: 'For measuring.',
  tools: {
    keep: defineTool({
      title: 'Keep an upload',
      description: 'Takes an upload over.',
      effect: 'write',
      everyday: true,
      permission: 'dataset:write',
      input: z.object({ uploadId: UploadId }),
      output: z.object({ link: blobLink('Where it is') }),
      errors: ['not_found'],
      timeoutMs: 600_000,
    }),
  },
  blobs: { description: 'What was kept.', permission: 'dataset:read' },
});

const kept = new Map<string, OpenedBlob>();

@Module(
  agentModule(keeper, {
    tools: {
      inject: [BLOBS],
      useFactory: (blobs: Blobs) => ({
        async keep({ uploadId }, { principal }) {
          const { walletId } = principal;
          const ref = await blobs.of(keeper.name).put(await blobs.uploads.open(uploadId, walletId));
          await blobs.uploads.remove(uploadId);
          const [id, file] = [
            blobId(keeper.name, newId()),
            { name: 'kept.bin', mediaType: 'application/octet-stream' },
          ];
          kept.set(id, { ...ref, ...file });
          return { link: { blobId: id, bytes: ref.bytes, ...file } };
        },
      }),
    },
    blobs: {
      inject: [],
      useFactory: () => ({
        open(id) {
          const found = kept.get(id);
          if (found === undefined) throw new AppError('not_found', `There is no blob ${id}`);
          return found;
        },
      }),
    },
  }),
)
export class KeeperModule {}
