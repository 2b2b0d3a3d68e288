import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { valuesQuery } from "../../api/queries";
import type { ValuesHook } from "./FilterValue";

/** Typing pauses this long before values are asked for. */
const PAUSE_MS = 200;

/** Makes the hook that suggests values of a project's properties. */
export function catalogueValues(project: number): ValuesHook {
  return function useCatalogueValues(property, search, of = "event") {
    const [settled] = useDebouncedValue(search, PAUSE_MS);
    const answer = useQuery(valuesQuery(project, property, settled, of));
    return answer.data?.values.map((one) => String(one.value)) ?? [];
  };
}
