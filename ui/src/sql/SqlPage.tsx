import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { catalogueQuery, sqlSchemaQuery } from "../api/queries";
import { useMe, useProject } from "../shell/useProject";
import { present } from "../url/read";
import { fitsLink, type SqlLink } from "../url/sql";
import { SqlView } from "./SqlView";
import { useDownload } from "./useDownload";
import { useHistory } from "./useHistory";
import { useSqlRun } from "./useSqlRun";

/** Letters that follow each other this fast make one change of the address. */
const PAUSE_MS = 300;

/** The query in the address is shown, not run: it may come from somebody else, and running costs the server. */
export function SqlPage() {
  const project = useProject();
  const me = useMe();
  const router = useRouter();
  const navigate = useNavigate({ from: "/p/$projectId/sql" });
  const link = useSearch({ from: "/p/$projectId/sql" });
  const schema = useQuery(sqlSchemaQuery(project.id));
  const catalogue = useQuery(catalogueQuery(project.id));
  const history = useHistory(me.member.id, project.id);
  const run = useSqlRun(project.id, (sql, rows) =>
    history.add({ sql, at: Date.now(), ...(rows === undefined ? {} : { rows }) }),
  );
  const download = useDownload(project.id);
  const searchOf = (sql: string, view = link.view): SqlLink =>
    present({ q: sql === "" || !fitsLink(sql) ? undefined : sql, view } as SqlLink);
  const remember = useDebouncedCallback((sql: string) => {
    void navigate({ search: searchOf(sql), replace: true });
  }, PAUSE_MS);
  return (
    <SqlView
      project={project}
      linked={link.q ?? ""}
      view={link.view ?? "table"}
      schema={schema}
      properties={catalogue.data?.properties ?? NO_PROPERTIES}
      history={history}
      run={run}
      download={download}
      linkOf={(sql) => {
        if (!fitsLink(sql)) return null;
        const to = router.buildLocation({ to: "/p/$projectId/sql", params: { projectId: project.id }, search: searchOf(sql) });
        return new URL(to.href, window.location.origin).href;
      }}
      onDraft={remember}
      onView={(view) => {
        void navigate({
          search: (now) => present({ ...now, view: view === "table" ? undefined : view } as SqlLink),
          replace: true,
        });
      }}
    />
  );
}

const NO_PROPERTIES: never[] = [];
