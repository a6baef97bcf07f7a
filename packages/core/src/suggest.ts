/**
 * The candidate that a mistyped word most likely means, or null when none is close. Close is at most
 * one edit (insert, delete, replace, swap neighbours) for each three letters, or a shared beginning.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = normalise(word);
  if (wanted === '') return null;
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, normalise(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (bestDistance <= Math.max(1, Math.ceil(wanted.length / 3))) return best;
  return (
    candidates.find((candidate) => wanted.length >= 3 && normalise(candidate).startsWith(wanted)) ??
    null
  );
}

/**
 * The model or provider that a mistyped name most likely means, or null. Far stricter than {@link nearest}, because
 * one model's price is money lost for another: its version (digits, with a letter right after them)
 * must be the same, and at most one letter may differ, two in a long id. Separators do not count
 * (`gpt-41` means `gpt-4.1`), nor do letters that look like digits (`gpt-4.l`).
 */
export function nearestName(id: string, candidates: readonly string[]): string | null {
  const wanted = modelName(id);
  if (wanted.bare === '') return null;
  const letters = wanted.bare.replaceAll(/\d/g, '').length;
  const mostEdits = letters < 3 ? 0 : letters < 8 ? 1 : 2;
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const name = modelName(candidate);
    const distance =
      name.folded === wanted.folded
        ? 0
        : name.version === wanted.version
          ? editDistance(wanted.bare, name.bare)
          : Infinity;
    if (distance <= mostEdits && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function modelName(id: string) {
  const lower = id.trim().toLowerCase().slice(0, 128);
  const bare = lower.replaceAll(/[\s._:/@-]/g, '');
  return {
    bare,
    version: [...lower.matchAll(/\d+(?:[a-z](?![a-z]))?/g)].join(''),
    folded: bare.replaceAll(/[il]/g, '1').replaceAll('o', '0'),
  };
}

/** ` Did you mean "cost"?` with its leading blank, or nothing: for the end of an error message. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const suggestion = nearest(word, candidates);
  return suggestion === null ? '' : ` Did you mean "${suggestion}"?`;
}

function normalise(word: string): string {
  return word.toLowerCase().replaceAll(/[\s-]/g, '_').slice(0, 64);
}

/** Optimal string alignment: Levenshtein with swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, beforeLast[column - 2]! + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
