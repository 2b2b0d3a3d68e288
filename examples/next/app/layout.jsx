import { Analytics } from './analytics';

export const metadata = { title: 'Attendance (Next.js)' };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <Analytics>{children}</Analytics>
      </body>
    </html>
  );
}
