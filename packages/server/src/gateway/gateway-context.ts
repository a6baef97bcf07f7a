import type { ServerResponse } from 'node:http';
import type {
  Admissions,
  ApiFamily,
  Decision,
  Entry,
  OpenedLine,
  Price,
  TagPolicy,
  Tags,
} from '@farthing/core';
import type { Dispatcher } from 'undici';
import type { Config } from '../config/index.js';
import type { BatchedWork } from './batched-work.js';
import type { GatewayProblem } from './error-answers.js';
import type { PromptAuditor } from './prompt-auditor.js';
import type { PromptPrefixer } from './prompt-prefixer.js';
import type { JudgedRun, RunWatch } from './run-watch.js';
import type { ServerHistories } from './server-histories.js';
import type { Provider } from './providers.js';

/** What the gateway asks of the journal; the real one is in ../journal. */
export interface GatewayJournal {
  readonly failure: Error | null;
  readonly backlog: number;
  opened(line: OpenedLine): number;
  closed(entry: Entry): number;
  isWritten(line: number): boolean;
  /** Resolves when the line is with the operating system, or when the disk is known to fail. */
  handedOver(line: number): Promise<void>;
}

/** What the gateway counts about itself. */
export interface GatewayMetrics {
  closed(entry: Entry, unrecorded: boolean): void;
  refused(code: string): void;
  /** What budgets said to a call. */
  decided(decision: Pick<Decision, 'steps' | 'accounts'>): void;
  /** A run ran away. */
  runJudged(judged: JudgedRun): void;
  overhead(milliseconds: number): void;
  /** An item of a batch's results whose time could not be learned, so that it was not booked. */
  unbookedBatchItem(): void;
}

export interface GatewayContext {
  settings: Config['gateway'];
  providers: ReadonlyMap<string, Provider>;
  journal: GatewayJournal;
  price: Price;
  /** Estimates and budgets: asked before a call leaves, told when it has ended. */
  admissions: Admissions;
  /** What providers keep of conversations, in tokens. */
  histories: ServerHistories;
  /** Whether callers' keys are named in entries, for budgets per key: they come and go. */
  namesKeys: () => boolean;
  metrics: GatewayMetrics;
  /** Says where the input of ended calls came from; null where that is turned off. */
  prompts: PromptAuditor | null;
  /** Says which beginnings prompts of ended calls share; null where that is turned off. */
  prefixes: PromptPrefixer | null;
  /** Watches runs that may run away; null where that is turned off. */
  runs: RunWatch | null;
  /** Where ended calls are booked, in batches. */
  bookings: BatchedWork;
  /** Which tags calls must have. */
  tagPolicy: TagPolicy;
  /** Replaces what is personal in a call's tags by pseudonyms, in place. */
  protectTags: (tags: Tags) => void;
  defaultTags: Readonly<Record<string, string>>;
  allowedBaggage: ReadonlySet<string>;
  dispatcher: (provider: Provider) => Dispatcher;
  answerProblem: (
    response: ServerResponse,
    family: ApiFamily,
    problem: GatewayProblem,
    callId: string,
  ) => void;
}
