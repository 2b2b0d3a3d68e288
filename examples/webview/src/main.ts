import { init } from '@telemetry/web';
import { watchNative } from './native';

/** Where the server is and which project: build with VITE_TELEMETRY_HOST and VITE_TELEMETRY_KEY. */
const telemetry = init({
  host: import.meta.env.VITE_TELEMETRY_HOST as string,
  key: import.meta.env.VITE_TELEMETRY_KEY as string,
  channel: 'hp-education',
  app: 'example.webview',
});
const { share } = watchNative(telemetry);

document.getElementById('ask-leave')!.addEventListener('click', () => telemetry.track('leave_requested', { days: 2 }));
document.getElementById('share-report')!.addEventListener('click', () => {
  // Rejects when the person thinks better of it.
  share({ id: 'report-7', type: 'Report', ver: '1', url: `${location.origin}/report-7` }).catch(() => undefined);
});
