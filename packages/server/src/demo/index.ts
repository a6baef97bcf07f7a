export { demoBreakers, demoBudgets } from './budgets.js';
export { demoTools } from './company.js';
export { demoHistory, type DemoHistoryOptions, type DemoRecord } from './history.js';
export { demoRevenue } from './revenue.js';
export { storiesBefore, type Stories } from './stories.js';
export { startDemoTraffic, type DemoTraffic, type DemoTrafficOptions } from './traffic.js';
