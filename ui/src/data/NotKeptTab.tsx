import { useQuery } from "@tanstack/react-query";
import { outcomesQuery } from "../api/queries";
import type { Project } from "../api/words";
import { Loaded } from "../parts/States";
import { NotKeptView } from "./NotKeptView";

/** The table by day shows a week. */
const DAYS = 7;

export function NotKeptTab({ project }: { project: Project }) {
  return (
    <Loaded query={useQuery(outcomesQuery(project.id, DAYS))}>
      {(outcomes) => <NotKeptView outcomes={outcomes} project={project} />}
    </Loaded>
  );
}
