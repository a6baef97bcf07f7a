export { readRevenueFile } from './read-revenue-file.js';
export { readSavedRevenue, saveRevenue, type SavedRevenue } from './saved-revenue.js';
export { withStoredKeys } from './stored-keys.js';
