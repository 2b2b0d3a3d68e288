import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { meQuery } from "../api/queries";
import type { Me, Project } from "../api/words";

/** Who is here. Only used below the shell, which waits for the answer. */
export function useMe(): Me {
  const me = useQuery(meQuery).data;
  if (!me) throw new Error("used outside of the shell");
  return me;
}

/** The project in the address. The shell shows "not found" when the member may not see it. */
export function useProject(): Project {
  const { projectId } = useParams({ from: "/p/$projectId" });
  const project = useMe().projects.find((one) => one.id === projectId);
  if (!project) throw new Error("used outside of the shell");
  return project;
}
