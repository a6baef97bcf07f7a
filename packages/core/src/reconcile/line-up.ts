import type { Window } from '../report/query.js';
import type { RateCell, Scope, SumCell, TokenAtom } from './atoms.js';
import { remainder } from './atoms.js';
import type { BookRates } from './book-rates.js';
import { dayOf, tierName, type LedgerCell, type LedgerCells } from './ledger-cells.js';
import type { ProviderReport, UsageRow } from './provider-report.js';
import type { Uncertainties } from './uncertainty.js';
import { tokenKinds, type TokenKind } from './token-kinds.js';

/** Which of the provider's projects and keys send their traffic through Farthing; empty: all. */
export interface OwnTraffic {
  projects: readonly string[];
  api_keys: readonly string[];
}

/** What the ledger knows of one bucket and model besides tokens and amounts. */
export interface Evidence {
  ledgerRequests: number;
  /** Null when the provider does not count requests. */
  providerRequests: number | null;
  repeatedRequests: number;
  repeated: Map<string, number>;
  uncertain: Uncertainties[];
}

/** Both sides on one grid. */
export interface LinedUp {
  distinctions: Distinctions;
  rateCells: RateCell[];
  /** Atoms of the buckets around the window: only counterparts for what slipped over its edge. */
  margin: TokenAtom[];
  sums: Map<string, SumCell>;
  evidence: Map<string, Evidence>;
}

/** Which distinctions the report makes; where it makes none, the ledger's are folded together. */
export interface Distinctions {
  tier: boolean;
  long: boolean;
  geo: boolean;
}

export function lineUp(
  report: ProviderReport,
  ledger: LedgerCells,
  own: OwnTraffic,
  rates: BookRates,
): LinedUp {
  const distinctions = distinctionsOf(report);
  const grid = new Grid(report.window);
  for (const row of report.usage ?? []) {
    const scope = scopeOf(row, own);
    const model = row.model === null ? null : rates.modelName(row.model);
    const band = {
      tier: distinctions.tier ? tierName(row.tier) : '*',
      long: distinctions.long && row.long === true,
      geo: distinctions.geo ? (row.geo ?? 'global') : '*',
    };
    for (const kind of tokenKinds) {
      const count = row.tokens[kind] ?? 0;
      if (count > 0) grid.atom({ at: row.at, model, ...band, kind, scope }).provider += count;
    }
    if (scope === 'own' && row.requests !== null) {
      const evidence = grid.evidence(row.at, model);
      evidence.providerRequests = (evidence.providerRequests ?? 0) + row.requests;
    }
    for (const [unit, quantity] of Object.entries(row.units)) {
      if (grid.inWindow(row.at)) grid.sum(dayOf(row.at), 'unit', unit).providerQuantity += quantity;
    }
  }
  for (const cell of ledger.cells.values()) addLedgerCell(grid, cell, distinctions);
  for (const sum of ledger.units.values()) addSum(grid, sum, 'unit');
  for (const sum of ledger.manual.values()) addSum(grid, sum, 'manual');
  for (const sum of ledger.uncategorised.values()) addSum(grid, sum, 'uncategorised');
  return { distinctions, ...grid.finish() };
}

function addLedgerCell(grid: Grid, cell: LedgerCell, distinctions: Distinctions): void {
  const band = {
    tier: distinctions.tier ? cell.tier : '*',
    long: distinctions.long && cell.long,
    geo: distinctions.geo ? cell.geo : '*',
  };
  const evidence = grid.evidence(cell.at, cell.model);
  evidence.ledgerRequests += cell.requests;
  evidence.repeatedRequests += cell.repeated.requests;
  evidence.uncertain.push(cell.uncertain);
  for (const kind of tokenKinds) {
    const booked = cell.tokens[kind];
    const unpriced = cell.unpriced[kind];
    const usd = cell.usd[kind];
    if (booked === 0 && usd === 0n && unpriced === 0) continue;
    const place = { at: cell.at, model: cell.model, ...band, kind, scope: 'own' as const };
    grid.atom(place).ledger += booked;
    const repeated = cell.repeated.tokens[kind];
    if (repeated > 0) {
      const key = evidenceKey(band.tier, band.long, band.geo, kind);
      evidence.repeated.set(key, (evidence.repeated.get(key) ?? 0) + repeated);
    }
    if (!grid.inWindow(cell.at)) continue;
    const rateCell = grid.rateCell(place);
    rateCell.ledgerUsd += usd;
    rateCell.unpricedTokens += unpriced;
    for (const [name, rate] of cell.rates[kind] ?? []) rateCell.ledgerRates.set(name, rate);
    for (const [name, price] of cell.prices) rateCell.prices.set(name, price);
  }
}

function addSum(
  grid: Grid,
  { day, name, quantity, usd }: { day: string; name: string | null; quantity: number; usd: bigint },
  category: SumCell['category'],
): void {
  if (!grid.inWindow(day)) return;
  const sum = grid.sum(day, category, name);
  sum.ledgerQuantity += quantity;
  sum.ledgerUsd += usd;
}

/** Within one bucket and model: which repeated tokens belong to which atom. */
export function evidenceKey(tier: string, long: boolean, geo: string, kind: TokenKind): string {
  return [tier, long, geo, kind].join('\n');
}

/** A row belongs to others when it names a project or key, and not one of those declared. */
export function scopeOf(
  { project, api_key: key }: Pick<UsageRow, 'project' | 'api_key'>,
  own: OwnTraffic,
): Scope {
  const otherProject =
    own.projects.length > 0 && project !== null && !own.projects.includes(project);
  const otherKey = own.api_keys.length > 0 && key !== null && !own.api_keys.includes(key);
  return otherProject || otherKey ? 'other' : 'own';
}

function distinctionsOf({ usage, costs }: ProviderReport): Distinctions {
  const rows = usage ?? costs ?? [];
  return {
    tier: rows.some((row) => row.tier !== null),
    long: rows.some((row) => row.long !== null),
    geo: rows.some((row) => row.geo !== null),
  };
}

type Place = Pick<TokenAtom, 'at' | 'model' | 'tier' | 'long' | 'geo' | 'kind' | 'scope'>;

/** Bucket and model in one text. */
export function placeOf(at: string, model: string | null): string {
  return `${at}\n${model}`;
}

class Grid {
  readonly #window: Window;
  /** By series and time: short keys, because a month has some hundred thousand atoms. */
  readonly #series = new Map<string, Map<string, TokenAtom>>();
  readonly #rateCells = new Map<string, RateCell>();
  readonly #evidence = new Map<string, Evidence>();
  readonly #sums = new Map<string, SumCell>();

  constructor(window: Window) {
    this.#window = window;
  }

  inWindow(at: string): boolean {
    return at >= this.#window.from && at < this.#window.to;
  }

  atom(place: Place): TokenAtom {
    const { at, model, tier, long, geo, kind, scope } = place;
    const series = `${model}\n${tier}\n${long}\n${geo}\n${kind}\n${scope}`;
    let atoms = this.#series.get(series);
    if (atoms === undefined) this.#series.set(series, (atoms = new Map()));
    let atom = atoms.get(at);
    if (atom === undefined) {
      const texts = { place: placeOf(at, model), series };
      atom = { ...place, ...texts, provider: 0, ledger: 0, usd: 0n, left: 0, claims: [] };
      atoms.set(at, atom);
      if (this.inWindow(at)) this.rateCell(place).atoms.push(atom);
    }
    return atom;
  }

  rateCell({ at, model, tier, long, geo, kind, scope }: Place): RateCell {
    const day = dayOf(at);
    const key = [day, model, tier, long, geo, kind, scope].join('\n');
    let cell = this.#rateCells.get(key);
    if (cell === undefined) {
      cell = emptyRateCell({ day, model, tier, long, geo, kind, scope });
      this.#rateCells.set(key, cell);
    }
    return cell;
  }

  evidence(at: string, model: string | null): Evidence {
    const key = placeOf(at, model);
    let evidence = this.#evidence.get(key);
    if (evidence === undefined) {
      evidence = {
        ledgerRequests: 0,
        providerRequests: null,
        repeatedRequests: 0,
        repeated: new Map(),
        uncertain: [],
      };
      this.#evidence.set(key, evidence);
    }
    return evidence;
  }

  sum(day: string, category: SumCell['category'], name: string | null): SumCell {
    return sumCell(this.#sums, day, category, name);
  }

  finish(): Omit<LinedUp, 'distinctions'> {
    const margin: TokenAtom[] = [];
    for (const atoms of this.#series.values()) {
      for (const atom of atoms.values()) {
        atom.left = atom.provider - atom.ledger;
        if (!this.inWindow(atom.at)) margin.push(atom);
      }
    }
    for (const cell of this.#rateCells.values()) {
      cell.atoms.sort((left, right) => (left.at < right.at ? -1 : 1));
      for (const atom of cell.atoms) {
        cell.providerTokens += atom.provider;
        cell.ledgerTokens += atom.ledger;
      }
    }
    const order = ({ day, model, tier, long, geo, kind, scope }: RateCell) =>
      [day, model ?? '', tier, long, geo, tokenKinds.indexOf(kind), scope].join('\n');
    const rateCells = [...this.#rateCells.values()].sort((left, right) =>
      order(left) < order(right) ? -1 : 1,
    );
    return { rateCells, margin, sums: this.#sums, evidence: this.#evidence };
  }
}

export function emptyRateCell(
  place: Pick<RateCell, 'day' | 'model' | 'tier' | 'long' | 'geo' | 'kind' | 'scope'>,
): RateCell {
  return {
    ...place,
    providerTokens: 0,
    ledgerTokens: 0,
    unpricedTokens: 0,
    providerUsd: 0n,
    ledgerUsd: 0n,
    costQuantity: null,
    roundingBound: 0n,
    tokensKnown: true,
    computed: false,
    ledgerRates: new Map(),
    prices: new Map(),
    atoms: [],
    rest: remainder(0n),
  };
}

export function sumCell(
  sums: Map<string, SumCell>,
  day: string,
  category: SumCell['category'],
  name: string | null,
): SumCell {
  const key = `${day}\n${category}\n${name}`;
  let sum = sums.get(key);
  if (sum === undefined) {
    sum = {
      day,
      name,
      category,
      providerQuantity: 0,
      ledgerQuantity: 0,
      providerUsd: 0n,
      ledgerUsd: 0n,
      roundingBound: 0n,
      rest: remainder(0n),
    };
    sums.set(key, sum);
  }
  return sum;
}
