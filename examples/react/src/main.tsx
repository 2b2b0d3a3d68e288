import { TelemetryProvider } from '@telemetry/web/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';

/** Where the server is and which project: build with VITE_TELEMETRY_HOST and VITE_TELEMETRY_KEY. */
const options = {
  host: import.meta.env.VITE_TELEMETRY_HOST as string,
  key: import.meta.env.VITE_TELEMETRY_KEY as string,
  channel: 'hp-education',
  app: 'example.react',
};

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <TelemetryProvider options={options}>
      <App />
    </TelemetryProvider>
  </StrictMode>,
);
