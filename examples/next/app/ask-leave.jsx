'use client';

import { useTelemetry } from '@telemetry/web/react';

export function AskLeave() {
  const telemetry = useTelemetry();
  return (
    <>
      <button data-tm-id="ask-leave" onClick={() => telemetry.track('leave_requested', { days: 2 })}>
        Ask for leave
      </button>
      <button data-tm-id="log-in" onClick={() => telemetry.identify('parent-next', { role: 'parent' })}>
        Log in
      </button>
    </>
  );
}
