export { defaultPriceBook } from './default-price-book.js';
export { bundledEdition, snapshotLayer, snapshotLines } from './snapshot-layer.js';
export { snapshotBook } from './data.js';
export * from '../base/index.js';
