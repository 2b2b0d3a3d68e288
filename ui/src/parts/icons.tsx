/** The pictograms of the page: one line weight, drawn on a 20 × 20 grid, hidden from screen readers. */
const PATHS = {
  home: "M3 9.5L10 3.5l7 6M5 8v8.5h10V8M8.5 16.5v-5h3v5",
  live: "M10 10m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0M5.8 5.8a6 6 0 0 0 0 8.4M14.2 5.8a6 6 0 0 1 0 8.4M3.3 3.3a9.5 9.5 0 0 0 0 13.4M16.7 3.3a9.5 9.5 0 0 1 0 13.4",
  web: "M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14zM3 10h14M10 3c2.2 2 3.2 4.3 3.2 7s-1 5-3.2 7c-2.2-2-3.2-4.3-3.2-7s1-5 3.2-7z",
  events: "M3 5h14M3 10h14M3 15h9",
  trends: "M3 16V4M3 16h14M6 12.5l3.5-4 3 2.5L17 5.5",
  funnel: "M3 4h14M5 8.5h10M7 13h6M8.8 17h2.4",
  retention: "M3 3h4.5v4.5H3zM7.5 3H12v4.5H7.5zM12 3h5v4.5h-5zM3 7.5h4.5V12H3zM7.5 7.5H12V12H7.5zM3 12h4.5v5H3z",
  lifecycle: "M4 10a6 6 0 0 1 10.5-4M16 10a6 6 0 0 1-10.5 4M14.7 2.8V6h-3.2M5.3 17.2V14h3.2",
  stickiness: "M4 17V5M8 17V9M12 17v-5M16 17v-3M2.5 17h15",
  paths: "M3 5h3c5 0 5 5 11 5M3 5h14M3 15h3c5 0 5-5 11-5M3 15h14",
  insights: "M5.5 3h9v14L10 13.6 5.5 17z",
  dashboard: "M3 3h6v8H3zM11 3h6v4h-6zM11 9h6v8h-6zM3 13h6v4H3z",
  data: "M10 3c3.9 0 7 1 7 2.4S13.9 7.8 10 7.8 3 6.8 3 5.4 6.1 3 10 3zM3 5.4v9.2C3 16 6.1 17 10 17s7-1 7-2.4V5.4M3 10c0 1.4 3.1 2.4 7 2.4s7-1 7-2.4",
  sql: "M6.5 6L2.5 10l4 4M13.5 6l4 4-4 4M11.5 4l-3 12",
  download: "M10 3v9.5M6 9l4 4 4-4M4 16.5h12",
  history: "M10 3.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM10 6.3V10l2.6 1.6",
  settings: "M4 6h6M14 6h2M4 14h2M10 14h6M12 6m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0M8 14m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
  members: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 16.5c0-2.8 2.2-4.5 5-4.5s5 1.7 5 4.5M13 4a3 3 0 0 1 0 5.3M14.5 12.3c1.8.6 3 2.1 3 4.2",
  account: "M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10zM4 17c0-3 2.7-4.8 6-4.8s6 1.8 6 4.8",
  people: "M10 9.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.5 16.8c.4-3 3.1-4.6 6.5-4.6s6.1 1.6 6.5 4.6z",
  cohorts: "M7.5 14.5a4.5 4.5 0 1 0 0-9a4.5 4.5 0 0 0 0 9zM12.5 14.5a4.5 4.5 0 1 0 0-9a4.5 4.5 0 0 0 0 9z",
  sessions: "M2.5 10h3.2l2-5.5 3.6 11 2.2-5.5h4",
  items: "M4 3.5h12v13H4zM6.8 8l1.3 1.3 2.4-2.6M6.8 13h6.4",
  actions: "M4 3.5l4.6 13 2-5.2 5.4-1.8z",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7 7h9v9H7zM4 13V4h9",
  check: "M4 10.5l4 4L16 6",
  pause: "M7 4v12M13 4v12",
  play: "M6 4l10 6-10 6z",
  moon: "M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1 1M14.7 14.7l1 1M15.7 4.3l-1 1M5.3 14.7l-1 1",
  down: "M5 8l5 5 5-5",
  calendar: "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5",
  filter: "M3 4h14l-5.5 6.5V16l-3-1.5v-4z",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  refresh: "M16 8a6.3 6.3 0 0 0-11.5-1.5M4 3.5v3.3h3.3M4 12a6.3 6.3 0 0 0 11.5 1.5M16 16.5v-3.3h-3.3",
  warning: "M10 3.5l7.5 13h-15zM10 8.5v3.5M10 14.3h.01",
  inbox: "M3 11l2.5-7h9L17 11v5.5H3zM3 11h4l1 2h4l1-2h4",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5L17 17",
  split: "M3 10h4c3 0 3-5 6-5h4M7 10c3 0 3 5 6 5h4",
  logout: "M8 3.5H4v13h4M12.5 6.5L16 10l-3.5 3.5M16 10H8",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "dots" ? 2.6 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flexShrink: 0 }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
