import { readFileSync } from 'node:fs';
import type { AccountState, BudgetWindow } from '@farthing/core';
import type { Position } from './read-journals.js';

/** Balances as a gateway has them, with the places in the journals that they are valid for. */
export interface Balances {
  writtenAt: string;
  /** The gateway's process. */
  pid: number;
  /** Whether they stand in Redis: then these are what one gateway last heard of them. */
  shared: boolean;
  /** By journal: every entry before the place is in the balances. */
  positions: Readonly<Record<string, Position>>;
  /** Calls that are in the balances, and whose entries may stand behind the place. */
  ended: readonly string[];
  /** Items of batches that are in the balances. */
  items?: readonly string[] | undefined;
  /** The budgets (by `identityOf`) that the balances are whole for. */
  covers: readonly string[];
  accounts: readonly AccountState[];
  /** Where they stand in Redis: what the journals of this data directory hold. */
  recorded?: readonly RecordedAccount[] | undefined;
}

/** What journals hold of an account, by part of time and journal. */
export interface RecordedAccount {
  key: string;
  window: BudgetWindow;
  parts: { part: number; spent: Map<string, bigint> }[];
}

interface BalancesFile extends Omit<Balances, 'writtenAt' | 'accounts' | 'recorded'> {
  version: 1;
  written_at: string;
  accounts: { key: string; window: BudgetWindow; parts: [number, string, string][] }[];
  recorded?: { key: string; window: BudgetWindow; parts: [number, Record<string, string>][] }[];
}

export function balancesText({ writtenAt, accounts, recorded, ...rest }: Balances): string {
  const file: BalancesFile = {
    version: 1,
    written_at: writtenAt,
    ...rest,
    accounts: accounts.map(({ key, window, parts }) => ({
      key,
      window,
      parts: parts.map(({ part, committed, reserved }) => [
        part,
        committed.toString(),
        reserved.toString(),
      ]),
    })),
    ...(recorded === undefined ? {} : { recorded: recorded.map(recordedText) }),
  };
  return `${JSON.stringify(file)}\n`;
}

/** Null where there is none, or one that cannot be relied on: balances are then made from the journals. */
export function readBalances(path: string): Balances | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const file = JSON.parse(text) as BalancesFile;
    const { version, written_at: writtenAt, accounts, recorded, ...rest } = file;
    if (version !== 1 || !Array.isArray(rest.ended) || !Array.isArray(rest.covers)) return null;
    if (!Object.values(rest.positions).every(isPosition)) return null;
    return {
      ...rest,
      writtenAt,
      accounts: accounts.map(({ key, window, parts }) => ({
        key,
        window,
        parts: parts.map(([part, committed, reserved]) => ({
          part,
          committed: BigInt(committed),
          reserved: BigInt(reserved),
        })),
      })),
      ...(recorded === undefined ? {} : { recorded: recorded.map(readRecorded) }),
    };
  } catch {
    return null;
  }
}

function recordedText({ key, window, parts }: RecordedAccount) {
  return {
    key,
    window,
    parts: parts.map(({ part, spent }): [number, Record<string, string>] => [
      part,
      Object.fromEntries([...spent].map(([source, amount]) => [source, amount.toString()])),
    ]),
  };
}

function readRecorded({
  key,
  window,
  parts,
}: NonNullable<BalancesFile['recorded']>[number]): RecordedAccount {
  return {
    key,
    window,
    parts: parts.map(([part, spent]) => ({
      part,
      spent: new Map(Object.entries(spent).map(([source, amount]) => [source, BigInt(amount)])),
    })),
  };
}

function isPosition({ segment, offset }: Position): boolean {
  return Number.isSafeInteger(segment) && Number.isSafeInteger(offset);
}
