/** What the frame must know of paths. */
import { placeOf } from "../../charts/flow";
import { askableFilters, type Kind, withRange } from "../frame/kind";
import { PathsControls } from "./PathsControls";
import { PathsEditor } from "./PathsEditor";
import { PathsView } from "./PathsView";

export const paths: Kind<"paths"> = {
  name: "paths",
  askable: ({ filters, ...question }) => ({ ...question, ...askableFilters(filters) }),
  nothing: (answer) => answer.edges.length === 0,
  over: withRange,
  nameCell: ({ t }, _question, _answer, { source, target }) => {
    if (source === undefined) return undefined;
    const from = placeOf(source);
    if (target === undefined) return t("paths.endsAt", { number: from.column + 1, item: from.item });
    return t("paths.edge", { number: from.column + 1, from: from.item, to: placeOf(target).item });
  },
  Editor: PathsEditor,
  Controls: PathsControls,
  View: PathsView,
};
