import { useElementSize } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { type FlowEdge, type FlowNode, flowOf } from "./flow";
import classes from "./FlowChart.module.css";

interface FlowChartProps {
  edges: readonly FlowEdge[];
  /** What ends at each node. */
  ends: ReadonlyMap<string, number>;
  height: number;
  /** What the picture says, for those who do not see it. */
  summary: string;
  formatValue: (value: number) => string;
  /** What is said of a ribbon, of a node and of what ends there when the pointer is on it. */
  edgeTitle: (edge: number) => string;
  nodeTitle: (node: FlowNode) => string;
  endsTitle: (node: FlowNode) => string;
  onEdge?: (edge: number) => void;
  onNode?: (node: FlowNode) => void;
  onEnds?: (node: FlowNode) => void;
}

const NODE_PX = 9;
/** How far the stub of what ends at a node reaches. */
const STUB_PX = 14;
/** About the width of a letter. */
const LETTER_PX = 6.6;
/** The width before the first measurement. */
const WIDTH_PX = 960;
/** Columns that are narrower are scrolled to. */
const COLUMN_PX_MIN = 130;

/** The end of an address says more than its beginning. */
function shorten(text: string, letters: number): string {
  if (text.length <= letters) return text;
  return text.includes("/") ? `…${text.slice(1 - letters)}` : `${text.slice(0, letters - 1)}…`;
}

/** Ribbons between nodes in columns: the wider, the more went that way. */
export function FlowChart(props: FlowChartProps) {
  const { edges, ends, summary, formatValue, onEdge, onNode, onEnds } = props;
  const { ref, width: measured } = useElementSize();
  const [over, setOver] = useState<string | null>(null);
  const columns = useMemo(() => Math.max(1, ...edges.map((edge) => Number.parseInt(edge.target, 10) || 1)), [edges]);
  const width = Math.max(measured || WIDTH_PX, columns * COLUMN_PX_MIN);
  const flow = useMemo(
    () => flowOf(edges, ends, { width, height: props.height, nodeWidth: NODE_PX }),
    [edges, ends, width, props.height],
  );
  const letters = Math.floor((width / columns - NODE_PX - STUB_PX - 46) / LETTER_PX);
  const touches = (edge: FlowEdge | undefined) => over === null || edge?.source === over || edge?.target === over;
  return (
    <div ref={ref} className={`${classes.frame} tm-scroll`}>
      <svg className={classes.flow} width={width} height={flow.height} role="img" aria-label={summary}>
        {flow.ribbons.map(({ edge, path }) => (
          <path
            key={edge}
            d={path}
            className={classes.ribbon}
            data-open={onEdge ? true : undefined}
            data-faint={touches(edges[edge]) ? undefined : true}
            onClick={() => onEdge?.(edge)}
          >
            <title>{props.edgeTitle(edge)}</title>
          </path>
        ))}
        {flow.nodes.map((node) => (
          <g key={node.id} onPointerEnter={() => setOver(node.id)} onPointerLeave={() => setOver(null)}>
            {node.ends > 0 && (
              <rect
                className={classes.ends}
                data-open={onEnds ? true : undefined}
                x={node.x + NODE_PX}
                y={node.y + node.height - node.endsHeight}
                width={STUB_PX}
                height={Math.max(1.5, node.endsHeight)}
                onClick={() => onEnds?.(node)}
              >
                <title>{props.endsTitle(node)}</title>
              </rect>
            )}
            <rect
              className={classes.node}
              data-open={onNode ? true : undefined}
              x={node.x}
              y={node.y}
              width={NODE_PX}
              height={node.height}
              rx={2}
              onClick={() => onNode?.(node)}
            >
              <title>{props.nodeTitle(node)}</title>
            </rect>
            <text className={classes.label} x={node.x} y={node.y - 5}>
              {shorten(node.item, letters)}
              <tspan className={classes.count}> {formatValue(node.count)}</tspan>
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
