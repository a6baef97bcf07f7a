export { defaultPriceBook } from './default-price-book.js';
export {
  snapshotLayer,
  snapshotLines,
  type SnapshotModel,
  type SnapshotRow,
} from './snapshot-layer.js';
export { snapshotBook } from './data.js';
