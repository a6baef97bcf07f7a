import {
  kindFlaw,
  costByKind,
  maxPicodollars,
  parseUsdRounded,
  tagNames,
  type Entry,
} from '@farthing/core';

type Check = (value: unknown) => boolean;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const highestInteger = 2_147_483_647;

const isText: Check = (value) => typeof value === 'string';
const isWord: Check = (value) => typeof value === 'string' && value !== '';
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** Of an adjustment: it may take back. */
const isDifference: Check = (value) => Number.isSafeInteger(value);
const isInteger: Check = (value) =>
  Number.isInteger(value) && Math.abs(value as number) <= highestInteger;
const isTime: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isUuid: Check = (value) => typeof value === 'string' && uuid.test(value);
const isKind: Check = (value) => value === 'call' || value === 'adjustment';
const isAttempt: Check = (value) => isInteger(value) && (value as number) >= 1;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const fields: [name: string, check: Check, wanted: string][] = [
  ['id', isUuid, 'a UUID'],
  ['kind', isKind, 'call or adjustment'],
  ['source', isWord, 'a text'],
  ['started_at', isTime, 'an ISO 8601 time'],
  ['ended_at', isTime, 'an ISO 8601 time'],
  ['recorded_at', orAbsent(isTime), 'an ISO 8601 time or absent'],
  ['duration_ms', isNumber, 'a number'],
  ['first_byte_ms', orAbsent(isNumber), 'a number or absent'],
  ['provider', isWord, 'a text'],
  ['api', isWord, 'a text'],
  ['path', orAbsent(isText), 'a text or absent'],
  ['stream', isFlag, 'true or false'],
  ['model_requested', orNull(isText), 'a text or null'],
  ['model', orNull(isText), 'a text or null'],
  ['outcome', isWord, 'a text'],
  ['http_status', orNull(isInteger), 'a whole number or null'],
  ['error_type', orAbsent(isText), 'a text or absent'],
  ['attempt', isAttempt, 'a whole number from 1'],
];

const adjustmentFields: typeof fields = [
  ['entry', orNull(isUuid), 'a UUID or null'],
  ['number', isAttempt, 'a whole number from 1'],
  ['cause', isWord, 'a text'],
  ['reason', isWord, 'a text'],
  ['by', isWord, 'a text'],
  ['status_booked', orAbsent(isWord), 'a text or absent'],
  ['status_before', isWord, 'a text'],
  ['status_after', isWord, 'a text'],
  ['usd_before', orNull(isText), 'a decimal string or null'],
  ['usd_after', orNull(isText), 'a decimal string or null'],
  ['usd_stated', orAbsent(isText), 'a decimal string or absent'],
];

const buckets = [
  'input_uncached',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
];

/**
 * Checks what a journal line claims to be an entry: everything that booking relies on, and nothing
 * else, so that lines of a later Farthing with more fields stay readable. Returns what is wrong, in
 * words, or null.
 */
export function checkEntry(value: unknown): string | null {
  if (!isRecord(value)) return '`entry` is not an object';
  for (const [name, check, wanted] of fields) {
    if (!check(value[name])) return `\`entry.${name}\` is not ${wanted}`;
  }
  return (
    checkUsage(value['usage'], value['kind'] === 'adjustment') ??
    checkCost(value['cost']) ??
    checkTags(value['tags']) ??
    checkAdjustment(value)
  );
}

function checkAdjustment(entry: Record<string, unknown>): string | null {
  const { adjusts } = entry;
  if (adjusts !== undefined) {
    if (!isRecord(adjusts)) return '`entry.adjusts` is not an object or absent';
    for (const [name, check, wanted] of adjustmentFields) {
      if (!check(adjusts[name])) return `\`entry.adjusts.${name}\` is not ${wanted}`;
    }
  }
  try {
    const flaw = kindFlaw(entry as unknown as Entry);
    return flaw === null ? null : `\`entry.${flaw.field}\`: ${flaw.message}`;
  } catch (error) {
    return `\`entry.adjusts\`: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function checkUsage(usage: unknown, signed: boolean): string | null {
  const isTokens = signed ? isDifference : isCount;
  if (usage === null) return null;
  if (!isRecord(usage)) return '`entry.usage` is not an object or null';
  const { tokens, details } = usage;
  if (!isRecord(tokens)) return '`entry.usage.tokens` is not an object';
  for (const bucket of buckets) {
    if (!isTokens(tokens[bucket])) return `\`entry.usage.tokens.${bucket}\` is not a count`;
  }
  if (!isRecord(details)) return '`entry.usage.details` is not an object';
  if (!orAbsent(isTokens)(details['reasoning'])) {
    return '`entry.usage.details.reasoning` is not a count or absent';
  }
  return isFlag(usage['estimated']) ? null : '`entry.usage.estimated` is not true or false';
}

function checkCost(cost: unknown): string | null {
  if (!isRecord(cost)) return '`entry.cost` is not an object';
  const { charges } = cost;
  if (!isWord(cost['status'])) return '`entry.cost.status` is not a text';
  if (!orNull(isText)(cost['usd'])) return '`entry.cost.usd` is not a decimal string or null';
  if (!orAbsent(isText)(cost['reported_usd'])) {
    return '`entry.cost.reported_usd` is not a decimal string or absent';
  }
  if (!orAbsent(isText)(cost['list_usd'])) {
    return '`entry.cost.list_usd` is not a decimal string or absent';
  }
  if (!orAbsent(isText)(cost['computed_usd'])) {
    return '`entry.cost.computed_usd` is not a decimal string or absent';
  }
  if (!orAbsent(isWord)(cost['source'])) return '`entry.cost.source` is not a text or absent';
  if (!Array.isArray(charges)) return '`entry.cost.charges` is not a list';
  for (const charge of charges) {
    if (!isRecord(charge) || !isText(charge['kind']) || !isText(charge['amount_usd'])) {
      return '`entry.cost.charges` has a line without `kind` or `amount_usd`';
    }
    if (!isNumber(charge['quantity'])) {
      return '`entry.cost.charges` has a line without a `quantity`';
    }
  }
  return checkAmounts(cost as unknown as Entry['cost']);
}

function checkAmounts(cost: Entry['cost']): string | null {
  try {
    const amounts = Object.values(costByKind(cost) ?? {});
    for (const usd of [cost.reported_usd, cost.list_usd, cost.computed_usd]) {
      if (usd !== undefined) amounts.push(parseUsdRounded(usd));
    }
    const tooLarge = amounts.some((amount) => amount > maxPicodollars || amount < -maxPicodollars);
    return tooLarge ? '`entry.cost` is beyond 9.2 million USD' : null;
  } catch (error) {
    return `\`entry.cost\`: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function checkTags(tags: unknown): string | null {
  if (!isRecord(tags)) return '`entry.tags` is not an object';
  for (const name of tagNames) {
    if (!orAbsent(isText)(tags[name])) return `\`entry.tags.${name}\` is not a text or absent`;
  }
  const { custom } = tags;
  if (custom === undefined) return null;
  const isTexts = isRecord(custom) && Object.values(custom).every(isText);
  return isTexts ? null : '`entry.tags.custom` is not an object of texts';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
