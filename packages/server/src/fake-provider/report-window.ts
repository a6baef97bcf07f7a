/** Widths in milliseconds, by the names that both vendors use. */
export const bucketWidths = { '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 } as const;
export type BucketWidth = keyof typeof bucketWidths;

/** Buckets on a page: default and most, by width. Both vendors have the same bounds for usage. */
export const usageLimits: Record<BucketWidth, { normal: number; most: number }> = {
  '1d': { normal: 7, most: 31 },
  '1h': { normal: 24, most: 168 },
  '1m': { normal: 60, most: 1440 },
};

export interface Bucket {
  /** Milliseconds since the epoch; `end` is excluded. */
  start: number;
  end: number;
}

export interface BucketPage {
  buckets: Bucket[];
  hasMore: boolean;
  nextPage: string | null;
}

/**
 * The buckets of one page: from the bucket that holds `from` up to the one that holds the moment
 * before `to`, at most `limit` of them, continued where `page` (a token of an earlier page) says.
 * Undefined when the token is not one of this provider's.
 */
export function bucketPage(
  from: number,
  to: number,
  width: number,
  limit: number,
  page: string | null,
): BucketPage | undefined {
  const start = page === null ? from - (from % width) : readPageToken(page);
  if (start === undefined || start % width !== 0) return undefined;
  const buckets: Bucket[] = [];
  let at = start;
  for (; at < to && buckets.length < limit; at += width)
    buckets.push({ start: at, end: at + width });
  const hasMore = at < to;
  return { buckets, hasMore, nextPage: hasMore ? pageToken(at) : null };
}

/** A list parameter in any of the spellings that clients send: repeated, with `[]`, with commas. */
export function listParameter(query: URLSearchParams, name: string): string[] {
  return [...query.getAll(name), ...query.getAll(`${name}[]`)]
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '');
}

function pageToken(start: number): string {
  return `page_${Buffer.from(String(start)).toString('base64url')}`;
}

function readPageToken(token: string): number | undefined {
  if (!token.startsWith('page_')) return undefined;
  const start = Buffer.from(token.slice('page_'.length), 'base64url').toString();
  return /^\d{1,15}$/.test(start) ? Number(start) : undefined;
}
