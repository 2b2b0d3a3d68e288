/**
 * What a web view does not tell a page by itself: the app goes to the background, a call comes in, something is shared.
 * Works in Cordova, in Capacitor (Ionic) and in an Android or iOS web view of one's own; each uses what it has.
 */
import { App } from '@capacitor/app';
import { Capacitor } from '@capacitor/core';
import { Share } from '@capacitor/share';
import type { Telemetry } from '@telemetry/web';

export interface Shared {
  id: string;
  type: string;
  ver: string;
  url: string;
}

declare global {
  interface Window {
    /** For native code: `webView.evaluateJavascript("telemetryCall('ringing')", null)`. */
    telemetryCall?: (state: string) => void;
  }
}

export function watchNative(telemetry: Telemetry): { share(what: Shared): Promise<void> } {
  // Cordova: events on `document`, also when the page stays visible to the browser.
  document.addEventListener('pause', () => telemetry.pause());
  document.addEventListener('resume', () => telemetry.resume());
  // Capacitor tells the same by its App plugin; in a plain browser it has nothing to say that the SDK does not see.
  if (Capacitor.isNativePlatform()) {
    void App.addListener('pause', () => telemetry.pause());
    void App.addListener('resume', () => telemetry.resume());
  }
  // The state of the phone is known to native code only.
  window.telemetryCall = (state) => telemetry.interrupt('call', { pageid: `call-${state}` });
  return {
    async share({ id, type, ver, url }) {
      // In a browser this is Web Share, which the SDK sees by itself; a native share is seen by nobody else.
      await Share.share({ url });
      if (Capacitor.isNativePlatform()) telemetry.share({ dir: 'Out', type: 'Link', items: [{ id, type, ver }] });
    },
  };
}
