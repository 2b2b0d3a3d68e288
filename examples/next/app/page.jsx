import Link from 'next/link';
import { AskLeave } from './ask-leave';

export default function Home() {
  return (
    <main>
      <h1>Attendance</h1>
      <Link href="/marks" data-tm-id="open-marks">
        Marks
      </Link>
      <AskLeave />
    </main>
  );
}
