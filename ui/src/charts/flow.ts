/** Where the nodes and ribbons of a flow stand: columns from left to right, the busiest node of each on top. */
export interface FlowEdge {
  /** `2_/fees`: the column from 1, and what stands there. */
  source: string;
  target: string;
  count: number;
}

export interface FlowNode {
  id: string;
  /** Without its column. */
  item: string;
  /** From 0. */
  column: number;
  x: number;
  y: number;
  height: number;
  /** What passes through it. */
  count: number;
  /** What ends here, and how much of the height it takes, at the bottom. */
  ends: number;
  endsHeight: number;
}

export interface Ribbon {
  /** Its place among the edges. */
  edge: number;
  /** The outline, as the `d` of a path. */
  path: string;
}

export interface FlowSize {
  width: number;
  /** At least; columns of many nodes make it higher. */
  height: number;
  nodeWidth: number;
}

export interface Flow {
  nodes: FlowNode[];
  ribbons: Ribbon[];
  height: number;
}

/** Room for a line of text. */
const GAP_PX = 18;
/** A node that is lower cannot be seen, nor pointed at. */
const NODE_PX_MIN = 4;

/** `2_/fees` in its parts. */
export function placeOf(id: string): { column: number; item: string } {
  const cut = id.indexOf("_");
  return { column: Math.max(0, Number.parseInt(id.slice(0, cut), 10) - 1 || 0), item: id.slice(cut + 1) };
}

export function flowOf(edges: readonly FlowEdge[], ends: ReadonlyMap<string, number>, size: FlowSize): Flow {
  const sums = new Map<string, { in: number; out: number }>();
  const sum = (id: string) => {
    const found = sums.get(id) ?? { in: 0, out: 0 };
    sums.set(id, found);
    return found;
  };
  for (const { source, target, count } of edges) {
    sum(source).out += count;
    sum(target).in += count;
  }
  const columns: { id: string; count: number; ends: number }[][] = [];
  for (const [id, { in: into, out }] of sums) {
    const ending = ends.get(id) ?? 0;
    (columns[placeOf(id).column] ??= []).push({ id, count: Math.max(into, out + ending), ends: ending });
  }
  const tallest = Math.max(0, ...columns.map((column) => column?.length ?? 0));
  const height = Math.max(size.height, tallest * (GAP_PX + NODE_PX_MIN + 4));
  const scale = Math.min(
    ...columns.map((column) => {
      const total = column.reduce((all, node) => all + node.count, 0);
      return total === 0 ? Number.POSITIVE_INFINITY : (height - column.length * (GAP_PX + NODE_PX_MIN)) / total;
    }),
  );
  const stepPx = columns.length === 0 ? 0 : size.width / columns.length;
  const nodes = new Map<string, FlowNode>();
  columns.forEach((column, at) => {
    let y = GAP_PX;
    for (const { id, count, ends: ending } of [...column].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1))) {
      const tall = Math.max(NODE_PX_MIN, count * scale);
      const node = { id, item: placeOf(id).item, column: at, x: at * stepPx, y, height: tall, count, ends: ending };
      nodes.set(id, { ...node, endsHeight: Math.min(tall, ending * scale) });
      y += tall + GAP_PX;
    }
  });
  return { nodes: [...nodes.values()], ribbons: ribbonsOf(edges, nodes, scale, size.nodeWidth), height };
}

/** Ribbons leave and reach a node in the order of their other ends, so that few of them cross. */
function ribbonsOf(edges: readonly FlowEdge[], nodes: ReadonlyMap<string, FlowNode>, scale: number, nodeWidth: number): Ribbon[] {
  const yOf = (id: string) => nodes.get(id)?.y ?? 0;
  const leaves = new Map<string, number>();
  const reaches = new Map<string, number>();
  const starts = new Map<number, number>();
  const order = edges.map((_, at) => at);
  const edge = (at: number) => edges[at] as FlowEdge;
  for (const at of [...order].sort((a, b) => yOf(edge(a).target) - yOf(edge(b).target))) {
    const { source, count } = edge(at);
    const from = leaves.get(source) ?? yOf(source);
    starts.set(at, from);
    leaves.set(source, from + count * scale);
  }
  return [...order]
    .sort((a, b) => yOf(edge(a).source) - yOf(edge(b).source))
    .map((at) => {
      const { source, target, count } = edge(at);
      const wide = Math.max(1, count * scale);
      const left = (nodes.get(source)?.x ?? 0) + nodeWidth;
      const right = nodes.get(target)?.x ?? 0;
      const from = starts.get(at) ?? 0;
      const to = reaches.get(target) ?? yOf(target);
      reaches.set(target, to + count * scale);
      const middle = (left + right) / 2;
      const curve = (start: number, end: number, x: number) => `C${middle} ${start} ${middle} ${end} ${x} ${end}`;
      return {
        edge: at,
        path: `M${left} ${from}${curve(from, to, right)}V${to + wide}${curve(to + wide, from + wide, left)}Z`,
      };
    });
}
