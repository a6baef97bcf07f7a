import { durationOf, type AlertSinkConfig } from '../../config/index.js';
import type { IncidentSink } from './sink.js';

/** Opens the driver of a sink; what a driver stands on is loaded only where it is used. */
export async function openSink(config: AlertSinkConfig): Promise<IncidentSink> {
  switch (config.type) {
    case 'slack': {
      const { openSlackSink } = await import('./slack/slack-sink.js');
      return openSlackSink(config);
    }
    case 'webhook': {
      const { openWebhookSink } = await import('./webhook/webhook-sink.js');
      return openWebhookSink(config);
    }
    case 'alertmanager': {
      const { openAlertmanagerSink } = await import('./alertmanager/alertmanager-sink.js');
      return openAlertmanagerSink({ ...config, repeatMilliseconds: durationOf(config.repeat) });
    }
    case 'pagerduty': {
      const { openPagerDutySink } = await import('./pagerduty/pagerduty-sink.js');
      return openPagerDutySink({ url: config.url, routingKey: config.routing_key });
    }
    case 'email': {
      const { openEmailSink } = await import('./email/email-sink.js');
      return openEmailSink(config);
    }
    case 'stdout': {
      const { openStdoutSink } = await import('./stdout/stdout-sink.js');
      return openStdoutSink();
    }
  }
}
