import Link from 'next/link';

export default function Marks() {
  return (
    <main>
      <h1>Marks</h1>
      <Link href="/">Attendance</Link>
    </main>
  );
}
