'use client';

import { TelemetryProvider } from '@telemetry/web/react';

/** Where the server is and which project: build with NEXT_PUBLIC_TELEMETRY_HOST and NEXT_PUBLIC_TELEMETRY_KEY. */
const options = {
  host: process.env.NEXT_PUBLIC_TELEMETRY_HOST,
  key: process.env.NEXT_PUBLIC_TELEMETRY_KEY,
  channel: 'hp-education',
  app: 'example.next',
};

export function Analytics({ children }) {
  return <TelemetryProvider options={options}>{children}</TelemetryProvider>;
}
