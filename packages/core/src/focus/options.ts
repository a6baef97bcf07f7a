import type { FocusTag } from './tags-column.js';

export interface FocusOptions {
  /**
   * `none`: a row for each charge of each call. `hour`: calls that started in the same hour and differ
   * in nothing but their quantities share a row.
   */
  aggregate: 'none' | 'hour';
  /** Tags in the Tags column. Default: all of a call's; of an aggregate, the named ones with few values. */
  tags?: readonly FocusTag[];
  /**
   * The billing account's id by provider name: calls do not carry it. A provider that is not named here
   * stands under its own name, as one account.
   */
  accounts?: Readonly<Record<string, string>>;
  /** Leaves out what was recorded later than this (ISO 8601), as reports "as known at" do. */
  asOf?: string;
}
