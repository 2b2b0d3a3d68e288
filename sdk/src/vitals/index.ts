/**
 * telemetry-vitals.js: how the page fares, as METRICS (web vitals) and ERROR. Fetched at basic and above.
 */
import { onCLS, onFCP, onINP, onLCP, type Metric } from 'web-vitals';
import { pageOf } from '../capture/pages';
import { begin, type Kit } from '../modules';
import { captureErrors } from './errors';

/** CLS is a small ratio; everything else is ms, of which fractions say nothing. */
const rounded = ({ name, value }: Metric): number => (name === 'CLS' ? Math.round(value * 1e4) / 1e4 : Math.round(value));

function captureVitals({ view, client, onLeave }: Kit): void {
  const page = pageOf(view.location);
  const seen = new Map<string, number>();
  let told = '';
  const keep = (metric: Metric): void => void seen.set(metric.name, rounded(metric));
  const [opened] = view.performance.getEntriesByType('navigation');
  const { responseStart } = (opened ?? {}) as PerformanceNavigationTiming;
  if (responseStart) seen.set('TTFB', Math.round(responseStart));
  for (const listen of [onFCP, onLCP, onCLS, onINP]) listen(keep, { reportAllChanges: true });
  // The last word is spoken when the page is hidden; until then the values change.
  onLeave.push(() => {
    const metrics = [...seen].map(([metric, value]) => ({ metric, value }));
    const now = JSON.stringify(metrics);
    if (metrics.length === 0 || now === told) return;
    told = now;
    client.emit('METRICS', { system: 'browser', subsystem: page, metrics });
  });
}

begin('vitals', (kit) => {
  if (kit.wants('errors')) captureErrors(kit);
  if (kit.wants('vitals')) captureVitals(kit);
});
