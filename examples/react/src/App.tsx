import { useTelemetry, useTelemetryLevel } from '@telemetry/web/react';
import { useEffect, useState } from 'react';

const PAGES = ['attendance', 'marks'];

/** A page by its path. Each change of the path is an IMPRESSION by itself. */
export function App() {
  const telemetry = useTelemetry();
  const level = useTelemetryLevel();
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const back = () => setPath(location.pathname);
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const go = (page: string) => {
    history.pushState({}, '', `/${page}`);
    setPath(`/${page}`);
  };
  return (
    <main>
      <h1>{path === '/marks' ? 'Marks' : 'Attendance'}</h1>
      <nav>
        {PAGES.map((page) => (
          <button key={page} data-tm-id={`open-${page}`} onClick={() => go(page)}>
            {page}
          </button>
        ))}
      </nav>
      <button data-tm-id="ask-leave" onClick={() => telemetry.track('leave_requested', { days: 2 })}>
        Ask for leave
      </button>
      <button data-tm-id="log-in" onClick={() => telemetry.identify('parent-react', { role: 'parent' })}>
        Log in
      </button>
      <p>
        Collected: <output>{level}</output>
      </p>
    </main>
  );
}
