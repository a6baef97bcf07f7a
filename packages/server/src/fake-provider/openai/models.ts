import { notice, type Exchange, type Reply } from '../exchange.js';
import { rateCard } from '../rate-card.js';

const listedSince = 1_715_367_049;

/** GET /v1/models. */
export function listModels(_exchange: Exchange): Reply {
  const names = rateCard
    .filter((listing) => listing.provider === 'openai')
    .flatMap(({ model, snapshot }) => (snapshot === undefined ? [model] : [model, snapshot]));
  return notice(
    200,
    {
      object: 'list',
      data: names.map((id) => ({
        id,
        object: 'model',
        created: listedSince,
        owned_by: 'system',
      })),
    },
    { indent: 2 },
  );
}
