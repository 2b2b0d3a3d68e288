import { useEffect, type ReactNode } from "react";
import classes from "./Page.module.css";

interface PageProps {
  title: string;
  /** One sentence under the title. */
  lead?: ReactNode;
  /** Shown beside the title: marks of state. */
  marks?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

/** The frame of every screen: a heading, what can be done, the content. */
export function Page({ title, lead, marks, actions, narrow, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Telemetry`;
  }, [title]);
  return (
    <div className={narrow ? `${classes.page} ${classes.narrow}` : classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {marks}
        {actions && <div className={classes.actions}>{actions}</div>}
        {lead && <p className={classes.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  title?: ReactNode;
  actions?: ReactNode;
  /** Without the inner space, for tables that reach the edge. */
  flush?: boolean;
  children: ReactNode;
}

/** A titled surface. */
export function Panel({ title, actions, flush, children }: PanelProps) {
  return (
    <section className="tm-panel" {...(typeof title === "string" ? { "aria-label": title } : {})}>
      {(title || actions) && (
        <div className={classes.panelHead}>
          {title && <h2 className={classes.panelTitle}>{title}</h2>}
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
      )}
      <div className={flush ? undefined : classes.panelBody}>{children}</div>
    </section>
  );
}
