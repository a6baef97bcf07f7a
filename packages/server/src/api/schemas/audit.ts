import { promptSources } from '@farthing/core';
import { z } from '@hono/zod-openapi';
import { frameSchema } from './frame.js';
import { orNull, usdSchema } from './money.js';
import { dimensionSchema, windowSchema } from './query.js';

const share = z.number();
const sourceSchema = z.enum(promptSources).openapi('PromptSource', {
  description:
    'system: instructions; tools: tool schemas; context: what was retrieved or tools returned; history: earlier turns; user: what the user said; files: images, sound, documents.',
});

export const auditSchema = z
  .object({
    frame: frameSchema,
    window: windowSchema,
    previous: windowSchema,
    by: z.array(dimensionSchema),
    rows: z
      .array(
        z
          .object({
            group: z.record(z.string(), z.string().nullable()).openapi({
              description: 'The values of the dimensions; null is unattributed.',
            }),
            calls: z.number().int(),
            audited_calls: z.number().int().openapi({
              description: 'Calls that the split rests on, and those they stand for.',
            }),
            input_tokens: z.number().int(),
            input_usd: orNull(usdSchema),
            sources: z.array(
              z
                .object({
                  source: sourceSchema,
                  tokens: z.number().int(),
                  share,
                  tokens_per_call: z.number(),
                  usd: orNull(usdSchema),
                  cost_share: orNull(share),
                  share_before: orNull(share),
                  tokens_per_call_before: orNull(z.number()),
                  change: orNull(share).openapi({
                    description: 'How tokens per call moved against the window before.',
                  }),
                })
                .openapi('SourceAudit'),
            ),
            lever: orNull(
              z.object({
                source: sourceSchema,
                share,
                usd: orNull(usdSchema),
                advice: z.string(),
                sentence: z.string(),
              }),
            ).openapi({ description: 'What would save most; null where nothing is worth it.' }),
          })
          .openapi('AuditRow'),
      )
      .openapi({
        description:
          'The largest inputs first. Groups of which no call was taken apart are absent.',
      }),
    truncated: z.boolean(),
  })
  .openapi('AuditReport');
