import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PathsAnswer, PathsQuestion } from "../../api/words";
import { FlowChart } from "../../charts/FlowChart";
import { type FlowNode, placeOf } from "../../charts/flow";
import { useNumbers } from "../../format/numbers";
import type { ViewProps } from "../frame/kind";
import { NumberTable } from "../frame/NumberTable";
import classes from "./Paths.module.css";

const FLOW_PX = 420;

/** Ways from step to step as ribbons, and every one of them in a table. */
export function PathsView({ question, answer, tileHeight, asTable, onOpen, onChange }: ViewProps<PathsQuestion, PathsAnswer>) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { edges, drop_offs: dropOffs } = answer;
  const ends = useMemo(() => new Map(dropOffs.map(({ node, count }) => [node, count])), [dropOffs]);
  const tile = tileHeight !== undefined;
  const edgeName = (at: number) => {
    const edge = edges[at];
    if (!edge) return "";
    const from = placeOf(edge.source);
    return t("paths.edge", { number: from.column + 1, from: from.item, to: placeOf(edge.target).item });
  };
  const endsName = ({ column, item }: Pick<FlowNode, "column" | "item">) => t("paths.endsAt", { number: column + 1, item });
  const openEdge = (at: number) => {
    const edge = edges[at];
    if (edge) onOpen?.({ source: edge.source, target: edge.target });
  };
  return (
    <>
      {!asTable && (
        <div className={tile ? undefined : classes.flow}>
          <FlowChart
            edges={edges}
            ends={ends}
            height={tileHeight ?? FLOW_PX}
            summary={t("paths.summary", { edges: edges.length, first: edgeName(0) })}
            formatValue={numbers.full}
            edgeTitle={(at) => `${edgeName(at)}: ${numbers.full(edges[at]?.count)}`}
            nodeTitle={({ item }) => t("paths.startHere", { item })}
            endsTitle={(node) => `${endsName(node)}: ${numbers.full(node.ends)}`}
            {...(onOpen ? { onEdge: openEdge, onEnds: (node: FlowNode) => onOpen({ source: node.id }) } : {})}
            {...(onChange ? { onNode: ({ item }: FlowNode) => onChange({ ...question, start: item }) } : {})}
          />
        </div>
      )}
      {!tile && (
        <p className={classes.legend}>
          <span className={classes.mark} aria-hidden="true" /> {t("paths.endsMark")}
        </p>
      )}
      {(!tile || asTable) && (
        <NumberTable
          label={t("insight.table")}
          rowHead={t("paths.way")}
          columns={[{ name: t("paths.times") }, { name: t("paths.persons") }, { name: t("paths.average") }]}
          rows={[
            ...edges.map((edge, at) => ({
              name: edgeName(at),
              cells: [
                { text: numbers.full(edge.count), strong: true, onOpen: onOpen ? () => openEdge(at) : undefined },
                { text: numbers.full(edge.persons), onOpen: onOpen ? () => openEdge(at) : undefined },
                { text: numbers.duration(edge.average_s) },
              ],
            })),
            ...dropOffs
              .filter(({ count }) => count > 0)
              .map(({ node, count }) => ({
                name: endsName(placeOf(node)),
                cells: [
                  { text: numbers.full(count), strong: true, onOpen: onOpen ? () => onOpen({ source: node }) : undefined },
                  { text: "" },
                  { text: "" },
                ],
              })),
          ]}
        />
      )}
    </>
  );
}
