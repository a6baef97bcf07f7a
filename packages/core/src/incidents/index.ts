export {
  incidentCauses,
  type Incident,
  type IncidentAction,
  type IncidentCause,
  type IncidentChange,
  type IncidentEvent,
  type IncidentFinding,
  type IncidentSeverity,
  type IncidentSize,
  type IncidentState,
} from './incident.js';
