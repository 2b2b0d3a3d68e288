import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, LanguageSupport } from "@codemirror/language";
import { Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder, tooltips } from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Table } from "../../api/sql";
import { completionSource } from "./completion";
import { dialect } from "./dialect";
import { look } from "./look";

export interface EditorHandle {
  /** Puts a text where the cursor is, in place of what is selected. */
  insert: (text: string) => void;
  /** Puts another query in place of this one; undo brings it back. */
  replace: (sql: string) => void;
  /** Puts the cursor at a line and a column, both from 1. */
  goTo: (line: number, column: number) => void;
}

/** Whoever runs a query looks at its answer: a list of completions must not lie over it. */
function runFrom(editor: EditorView, onRun: (sql: string) => void): true {
  closeCompletion(editor);
  onRun(editor.state.doc.toString());
  return true;
}

interface SqlEditorProps {
  /** What it begins with. From then on the text is the editor's, since letters come faster than renders. */
  initial: string;
  tables: readonly Table[];
  properties: readonly string[];
  onChange: (sql: string) => void;
  /** Ctrl-Enter, on a Mac Cmd-Enter. */
  onRun: (sql: string) => void;
  ref?: Ref<EditorHandle>;
}

/**
 * CodeMirror for one query. Tab leaves the field, as on every page, but for an open list of completions. Its style sheet
 * is a `style` element without a nonce, which our policy allows for styles and only for them.
 */
export function SqlEditor({ initial, tables, properties, onChange, onRun, ref }: SqlEditorProps) {
  const { t, i18n } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const handlers = useRef({ onChange, onRun });
  const parts = useRef({ language: new Compartment(), texts: new Compartment() });
  const language = (): Extension =>
    new LanguageSupport(dialect.language, dialect.language.data.of({ autocomplete: completionSource(tables, properties) }));
  const texts = (): Extension => [
    placeholder(t("sql.placeholder")),
    EditorView.contentAttributes.of({ "aria-label": t("sql.query"), "aria-description": t("sql.editorHint") }),
    EditorState.phrases.of({ Completions: t("sql.completions") }),
  ];
  useEffect(() => {
    handlers.current = { onChange, onRun };
  });

  useEffect(() => {
    if (!host.current) return;
    const { language: languagePart, texts: textsPart } = parts.current;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: (at) => runFrom(at, handlers.current.onRun) }])),
          Prec.high(keymap.of([{ key: "Tab", run: acceptCompletion }])),
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false, maxRenderedOptions: 60 }),
          tooltips({ position: "fixed", parent: document.body }),
          EditorView.lineWrapping,
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          look,
          languagePart.of(language()),
          textsPart.of(texts()),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handlers.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
    // The editor is made once; what changes later goes to it through the effects below.
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(language()) });
  }, [tables, properties]);
  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.texts.reconfigure(texts()) });
  }, [i18n.language]);

  useImperativeHandle(ref, () => ({
    insert: (text) => {
      const editor = view.current;
      if (!editor) return;
      editor.dispatch(editor.state.replaceSelection(text), { scrollIntoView: true });
      editor.focus();
    },
    goTo: (line, column) => {
      const editor = view.current;
      if (!editor) return;
      // The text may have been changed since the place was told.
      const found = editor.state.doc.line(Math.min(Math.max(line, 1), editor.state.doc.lines));
      editor.dispatch({ selection: { anchor: Math.min(found.from + Math.max(column, 1) - 1, found.to) }, scrollIntoView: true });
      editor.focus();
    },
    replace: (sql) => {
      const editor = view.current;
      if (!editor || editor.state.doc.toString() === sql) return;
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: sql }, selection: { anchor: sql.length } });
    },
  }));

  return <div ref={host} style={{ height: "100%", minHeight: 0 }} data-testid="sql-editor" />;
}
