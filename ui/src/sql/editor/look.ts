/** How the editor looks: the page's own tokens, so that light and dark need no second theme. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const surfaces = EditorView.theme({
  "&": { height: "100%", color: "var(--tm-ink)", backgroundColor: "var(--tm-surface)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--tm-mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--tm-accent)" },
  ".cm-line": { padding: "0 12px" },
  ".cm-gutters": {
    backgroundColor: "var(--tm-surface)",
    color: "var(--tm-ink-3)",
    border: "0",
    paddingInlineStart: "6px",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--tm-sunken) 55%, transparent)",
  },
  ".cm-cursor, .cm-dropCursor": { borderInlineStartColor: "var(--tm-accent)", borderInlineStartWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--tm-accent) 24%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--tm-accent) 20%, transparent)",
    color: "inherit",
  },
  ".cm-placeholder": { color: "var(--tm-ink-3)" },
  ".cm-tooltip": {
    backgroundColor: "var(--tm-surface)",
    color: "var(--tm-ink)",
    border: "1px solid var(--tm-line-strong)",
    borderRadius: "var(--tm-radius)",
    boxShadow: "0 6px 20px rgb(0 0 0 / 16%)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--tm-mono)",
    fontSize: "12.5px",
    maxHeight: "15em",
    maxWidth: "min(420px, 86vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px 3px 6px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--tm-accent)", color: "var(--tm-surface)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.72", marginInlineStart: "12px" },
  ".cm-tooltip.cm-completionInfo": {
    padding: "8px 10px",
    maxWidth: "280px",
    fontFamily: "var(--tm-font)",
    fontSize: "13px",
    lineHeight: "1.45",
  },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--tm-accent)", fontWeight: "600" },
  { tag: [tags.string, tags.bool, tags.null], color: "var(--tm-good)" },
  { tag: tags.special(tags.string), color: "var(--tm-ink)" },
  { tag: tags.number, color: "var(--tm-warn)" },
  { tag: tags.standard(tags.name), color: "var(--tm-code-call)" },
  { tag: tags.typeName, color: "var(--tm-code-call)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--tm-ink-3)", fontStyle: "italic" },
  { tag: [tags.operator, tags.punctuation, tags.paren, tags.squareBracket], color: "var(--tm-ink-2)" },
]);

export const look = [surfaces, syntaxHighlighting(colours)];
