export {
  SeriesDetector,
  seriesFeatures,
  type SeriesFeature,
  type SeriesScore,
  type SeriesState,
} from './series-detector.js';
