import { Link } from "@tanstack/react-router";

interface PersonLinkProps {
  projectId: number;
  /** Of a visit: who, and from when to when. */
  row: { person: string; start: string; end: string };
}

/** To the person's events of this visit. */
export function PersonLink({ projectId, row }: PersonLinkProps) {
  return (
    <Link
      to="/p/$projectId/person"
      params={{ projectId }}
      search={{ id: row.person, date_from: row.start, date_to: row.end }}
    >
      {row.person}
    </Link>
  );
}
