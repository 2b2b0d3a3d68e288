import { telemetryPlugin } from '@telemetry/web/vue';
import { createApp } from 'vue';
import App from './App.vue';

// Where the server is and which project: build with VITE_TELEMETRY_HOST and VITE_TELEMETRY_KEY.
const options = {
  host: import.meta.env.VITE_TELEMETRY_HOST,
  key: import.meta.env.VITE_TELEMETRY_KEY,
  channel: 'hp-education',
  app: 'example.vue',
};

createApp(App).use(telemetryPlugin, options).mount('#app');
